metadata description = 'Where metrics, traces and logs go. Only Entra identities can write or query; there is no key that works.'

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Name of the Application Insights component.')
param componentName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Days that metrics, traces and logs are kept. Up to 31 days cost nothing beyond the ingestion.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Most gigabytes a day that are taken in; what comes after is dropped until the next day. -1 for no limit.')
@minValue(-1)
param dailyCapGigabytes int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: { name: 'PerGB2018' }
    retentionInDays: retentionDays
    workspaceCapping: { dailyQuotaGb: dailyCapGigabytes }
    features: {
      disableLocalAuth: true
      enableLogAccessUsingOnlyResourcePermissions: true
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' = {
  name: componentName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

@description('Name of the workspace.')
output workspaceName string = workspace.name

@description('Name of the component.')
output componentName string = component.name
