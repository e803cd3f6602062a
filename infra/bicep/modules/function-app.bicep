metadata description = 'The Functions app on a Flex Consumption plan. Everything that it reaches, it reaches as its identity.'

import { daysByVerdict, daysOfEach } from 'retention.bicep'

@description('Name of the app; also of its default host.')
param name string

@description('Name of the plan.')
param planName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the identity that the app runs as.')
param identityName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('The cloud is not the public one: the host is told the addresses of its account instead of the name.')
param sovereignCloud bool

@description('Name of the container that packages are deployed to.')
param packageContainerName string

@description('Name of the storage account of the evidence.')
param captureStorageName string

@description('Name of the container of the evidence.')
param captureContainerName string

@description('Callers can reach the storage account of the evidence. Where they cannot, a link leads nowhere, and the app sends the bytes itself.')
param downloadLinks bool

@description('Days after which captures are deleted. 0 for never. The app and the lifecycle rules of the account are told the same.')
param deleteAfterDays int

@description('Days after which captures of one verdict are deleted; 0 for never.')
param deleteAfterDaysByVerdict daysByVerdict

@description('Days after its last entry that the log of a capture is deleted. 0 for never.')
param deleteLogAfterDays int

@description('Days for which a stored capture can be neither changed nor deleted by anybody. 0 for off.')
param immutableDays int

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the vault.')
param vaultName string

@description('Name of the Durable Task Scheduler; empty where the task hub is in the host account.')
param schedulerName string

@description('Name of the virtual network that the app goes out through; empty for none.')
param networkName string

@description('Name of its subnet for the app.')
param subnetName string

@description('Memory of one instance.')
@allowed([512, 2048, 4096])
param instanceMemoryMegabytes int

@description('Most instances at once. Every group (HTTP, durable, each other trigger) scales by itself up to this number.')
@minValue(1)
@maxValue(1000)
param maximumInstances int

@description('Instances of the durable group that are kept warm. 0 costs nothing at rest, and the first step after a quiet time, a Cancel too, waits for a cold start.')
@minValue(0)
param alwaysReadyDurable int

@description('HTTP requests that one instance handles at once.')
@minValue(1)
@maxValue(1000)
param httpPerInstance int

@description('App settings of CaptureFlow itself, e.g. CaptureFlow__Policy__MaxDuration.')
param settings object

@description('App settings whose values are secrets of the vault: name of the setting to name of the secret.')
param vaultSettings object

@description('Client id of the Entra app registration whose version 2 tokens callers bring; empty for keys (CaptureFlow__Access__Secrets__NAME) alone.')
param entraClientId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource captureStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: captureStorageName
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (!empty(schedulerName)) {
  name: schedulerName
}

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = if (!empty(networkName)) {
  name: networkName

  resource subnet 'subnets' existing = {
    name: subnetName
  }
}

var schedulerConnection = loadJsonContent('../../../host.scheduler.json').extensions.durableTask.storageProvider.connectionStringName

var identitySettings = {
  AZURE_CLIENT_ID: identity.properties.clientId
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identity.properties.clientId
}
// By its name the host finds the account in the public cloud alone.
var hostStorageSettings = !sovereignCloud
  ? { AzureWebJobsStorage__accountName: hostStorage.name }
  : {
      AzureWebJobsStorage__blobServiceUri: hostStorage.properties.primaryEndpoints.blob
      AzureWebJobsStorage__queueServiceUri: hostStorage.properties.primaryEndpoints.queue
      AzureWebJobsStorage__tableServiceUri: hostStorage.properties.primaryEndpoints.table
    }
var storeSettings = {
  CaptureFlow__BlobStore__ServiceUri: captureStorage.properties.primaryEndpoints.blob
  CaptureFlow__BlobStore__Container: captureContainerName
  CaptureFlow__BlobStore__ManagedIdentityClientId: identity.properties.clientId
  CaptureFlow__BlobStore__ImmutableDays: string(immutableDays)
  CaptureFlow__BlobStore__Links: string(downloadLinks)
}
var retentionSettings = union(
  {
    CaptureFlow__Retention__Days: string(deleteAfterDays)
    CaptureFlow__Retention__LogDays: string(deleteLogAfterDays)
  },
  toObject(
    items(daysOfEach(deleteAfterDays, deleteAfterDaysByVerdict)),
    verdict => 'CaptureFlow__Retention__DaysByVerdict__${verdict.key}',
    verdict => string(verdict.value)
  )
)
var telemetrySettings = {
  APPLICATIONINSIGHTS_CONNECTION_STRING: component.properties.ConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identity.properties.clientId};Authorization=AAD'
}
// Type, connection and hub are in host.json alone, as published for the backend: the scale controller reads no settings.
var durableSettings = empty(schedulerName)
  ? {}
  : { '${schedulerConnection}': 'Endpoint=${scheduler!.properties.endpoint};Authentication=ManagedIdentity;ClientID=${identity.properties.clientId}' }
var references = toObject(
  items(vaultSettings),
  setting => setting.key,
  setting => '@Microsoft.KeyVault(VaultName=${vault.name};SecretName=${setting.value})'
)

// The platform takes letters, digits, _ and . in names; a . reaches the app as _.
var namesToRefuse = filter(
  map(items(union(settings, vaultSettings)), setting => setting.key),
  name => !empty(filter(['-', ':', '/', '.', ' '], character => contains(name, character)))
)
var checkedSettings = empty(namesToRefuse)
  ? union(settings, references)
  : fail('Names of app settings have letters, digits and _; in the name of a cluster or binding _ stands for a hyphen. Refused: ${join(namesToRefuse, ', ')}')

resource plan 'Microsoft.Web/serverfarms@2024-11-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: { reserved: true }
}

resource app 'Microsoft.Web/sites@2024-11-01' = {
  name: name
  location: location
  tags: tags
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: { '${identity.id}': {} }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identity.id
    virtualNetworkSubnetId: empty(networkName) ? null : network::subnet.id
    functionAppConfig: {
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${hostStorage.properties.primaryEndpoints.blob}${packageContainerName}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identity.id
          }
        }
      }
      scaleAndConcurrency: {
        instanceMemoryMB: instanceMemoryMegabytes
        maximumInstanceCount: maximumInstances
        alwaysReady: alwaysReadyDurable == 0 ? [] : [{ name: 'durable', instanceCount: alwaysReadyDurable }]
        triggers: { http: { perInstanceConcurrency: httpPerInstance } }
      }
    }
    siteConfig: {
      minTlsVersion: '1.2'
      scmMinTlsVersion: '1.2'
      http20Enabled: true
    }
  }

  resource appSettings 'config' = {
    name: 'appsettings'
    properties: union(
      checkedSettings,
      storeSettings,
      retentionSettings,
      durableSettings,
      telemetrySettings,
      identitySettings,
      hostStorageSettings
    )
  }

  // Deployments come as an Entra identity; user names and passwords do not work.
  resource noFtpPassword 'basicPublishingCredentialsPolicies' = {
    name: 'ftp'
    properties: { allow: false }
  }

  resource noScmPassword 'basicPublishingCredentialsPolicies' = {
    name: 'scm'
    properties: { allow: false }
  }
}

// To the Functions host every route is anonymous: the app knows its callers by the principal that this puts into requests, or by its own keys. What is
// left out here believes no principal: webhooks prove themselves by their own secret (their /test wants a key), and health gives nothing away.
resource entra 'Microsoft.Web/sites/config@2024-11-01' = if (!empty(entraClientId)) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: { enabled: true }
    globalValidation: {
      requireAuthentication: true
      unauthenticatedClientAction: 'Return401'
      excludedPaths: ['/api/health', '/api/health/ready', '/api/alerts/*']
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: entraClientId
          openIdIssuer: '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'
        }
        validation: { allowedAudiences: ['api://${entraClientId}', entraClientId] }
      }
    }
    login: { tokenStore: { enabled: false } }
  }
}

@description('Name of the app.')
output name string = app.name

@description('Host name that the API answers at.')
output hostName string = app.properties.defaultHostName
