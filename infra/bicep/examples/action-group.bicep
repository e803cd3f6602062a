metadata description = 'Example: who is told when an alert rule of CaptureFlow fires, and an alert of the platform that orders a capture.'

@description('Name of the action group.')
param name string = 'captureflow-oncall'

@description('Short name that messages start with.')
@maxLength(12)
param shortName string = 'captureflow'

@description('Tags of every resource.')
param tags object = { application: 'captureflow' }

@description('Mail address of the people on call; empty for nobody.')
param mailAddress string = ''

@description('Host name of the Functions app; empty to order no captures from alerts.')
param captureFlowHostName string = ''

@description('Binding of CaptureFlow that says which alert captures what: the last part of the route. Its Source is azure-monitor, its Authentication has Kind entra, this tenant as TenantId, and the identifier URI below as Audience; see docs/alerts.md.')
param binding string = ''

@description('Object id of the Entra app registration that protects the webhook. The alert brings a token for it; there is no secret in its address.')
param entraObjectId string = ''

@description('Identifier URI of that registration, e.g. api://….')
param entraIdentifierUri string = ''

resource group 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: name
  location: 'global'
  tags: tags
  properties: {
    groupShortName: shortName
    enabled: true
    emailReceivers: empty(mailAddress)
      ? []
      : [{ name: 'on-call', emailAddress: mailAddress, useCommonAlertSchema: true }]
    webhookReceivers: empty(captureFlowHostName)
      ? []
      : [
          {
            name: 'order-a-capture'
            serviceUri: 'https://${captureFlowHostName}/api/alerts/azure-monitor/${binding}'
            useCommonAlertSchema: true
            useAadAuth: true
            objectId: entraObjectId
            identifierUri: entraIdentifierUri
            tenantId: tenant().tenantId
          }
        ]
  }
}

@description('Name of the action group. Its resource id goes into alertActionGroupIds of main.bicep.')
output name string = group.name
