metadata name = 'CaptureFlow'
metadata description = 'CaptureFlow as an Azure Functions app, with everything that it needs, in one resource group.'

@description('Short name of this deployment, e.g. dev or prod; a part of every name.')
@minLength(2)
@maxLength(8)
param environmentName string

@description('Azure region of every resource. It must offer Flex Consumption.')
param location string = resourceGroup().location

@description('Tags of every resource, in addition to application and environment.')
param extraTags object = {}

@description('What keeps the state of the orchestrations: Azure Storage (the account of the host), or the Durable Task Scheduler.')
@allowed(['AzureStorage', 'DurableTaskScheduler'])
param durableBackend string = 'AzureStorage'

@description('Plan of the Durable Task Scheduler, where it is chosen.')
@allowed(['Consumption', 'Dedicated'])
param schedulerSku string = 'Consumption'

@description('IPv4 ranges that may reach the Durable Task Scheduler; it still asks for an Entra identity with a role.')
param schedulerIpAllowList string[] = ['0.0.0.0/0']

@description('Name of the task hub. A new name starts with an empty history: captures under way in the old one are left to the reaper.')
param taskHubName string = 'CaptureFlow'

@description('Put storage and vault behind private endpoints, and let the app go out through a virtual network.')
param privateNetwork bool = false

@description('Address range of that network; a /24 or larger.')
param networkPrefix string = '10.90.0.0/24'

@description('Public IPv4 addresses or CIDR ranges that may download captures although the network is private.')
param downloadIpRanges string[] = []

@description('Redundancy of both storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Days after which captures move to the cool tier. 0 for never.')
param coolAfterDays int = 0

@description('Days after which captures are deleted. 0 for never.')
param deleteAfterDays int = 90

@description('Days after which captures of one verdict are deleted, e.g. { Empty: 7 }.')
param deleteAfterDaysByVerdict object = {}

@description('Days for which a deleted or overwritten capture can be brought back.')
param undeleteDays int = 14

@description('Days for which a stored capture can be neither changed nor deleted by anybody (version-level WORM). 0 for off; once on, the container keeps the ability.')
@minValue(0)
@maxValue(36500)
param immutableDays int = 0

@description('Memory of one instance of the app.')
@allowed([512, 2048, 4096])
param instanceMemoryMegabytes int = 2048

@description('Most instances at once.')
param maximumInstances int = 40

@description('Instances of the durable group that are kept warm.')
param alwaysReadyDurable int = 0

@description('HTTP requests that one instance handles at once.')
param httpPerInstance int = 16

@description('App settings of CaptureFlow itself, e.g. { CaptureFlow__Policy__MaxDuration: \'00:05:00\' }. No secrets: those go to the vault.')
param settings object = {}

@description('App settings whose values are in the vault: name of the setting to name of the secret.')
param vaultSettings object = {}

@description('Client id of the Entra app registration whose tokens callers bring; empty for function keys alone.')
param entraClientId string = ''

@description('Days that metrics, traces and logs are kept.')
param telemetryDays int = 30

@description('Most gigabytes of telemetry a day. -1 for no limit.')
param telemetryCapGigabytes int = 1

@description('Resource ids of the action groups that the alert rules tell; examples/action-group.bicep makes one.')
param alertActionGroupIds string[] = []

@description('Age in seconds from which the oldest live grant is too old.')
param alertOldestGrantSeconds int = 5400

@description('Failed captures in half an hour that are tolerated.')
param alertToleratedFailures int = 2

// Stable for one resource group, so that a second deployment finds what the first one made. All names are known here, before anything is
// deployed: what-if can then say what a deployment would do.
var token = take(uniqueString(resourceGroup().id, environmentName), 8)
var base = 'captureflow-${toLower(environmentName)}-${token}'
var names = {
  app: base
  plan: '${base}-plan'
  identity: '${base}-app'
  workspace: '${base}-logs'
  component: '${base}-insights'
  network: '${base}-network'
  scheduler: '${base}-durable'
  // Storage and vault names: no more than 24 characters, storage no hyphens.
  hostStorage: 'cfhost${toLower(environmentName)}${token}'
  captureStorage: 'cfcap${toLower(environmentName)}${token}'
  vault: 'cf-${toLower(environmentName)}-${token}'
  packages: 'app-packages'
  captures: 'captures'
  appSubnet: 'app'
  endpointSubnet: 'endpoints'
}
var tags = union(extraTags, { application: 'captureflow', environment: environmentName })
var onScheduler = durableBackend == 'DurableTaskScheduler'

module identity 'modules/identity.bicep' = {
  params: {
    name: names.identity
    location: location
    tags: tags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  params: {
    workspaceName: names.workspace
    componentName: names.component
    location: location
    tags: tags
    retentionDays: telemetryDays
    dailyCapGigabytes: telemetryCapGigabytes
  }
}

module hostStorage 'modules/host-storage.bicep' = {
  params: {
    name: names.hostStorage
    location: location
    tags: tags
    sku: storageSku
    packageContainerName: names.packages
    privateOnly: privateNetwork
  }
}

module captureStorage 'modules/capture-storage.bicep' = {
  params: {
    name: names.captureStorage
    location: location
    tags: tags
    sku: storageSku
    containerName: names.captures
    coolAfterDays: coolAfterDays
    deleteAfterDays: deleteAfterDays
    deleteAfterDaysByVerdict: deleteAfterDaysByVerdict
    undeleteDays: undeleteDays
    immutable: immutableDays > 0
    privateOnly: privateNetwork
    downloadIpRanges: downloadIpRanges
  }
}

module vault 'modules/vault.bicep' = {
  params: {
    name: names.vault
    location: location
    tags: tags
    privateOnly: privateNetwork
  }
}

module scheduler 'modules/scheduler.bicep' = if (onScheduler) {
  params: {
    name: names.scheduler
    location: location
    tags: tags
    taskHubName: taskHubName
    sku: schedulerSku
    ipAllowList: schedulerIpAllowList
  }
}

module network 'modules/network.bicep' = if (privateNetwork) {
  params: {
    name: names.network
    location: location
    tags: tags
    addressPrefix: networkPrefix
    appSubnetName: names.appSubnet
    endpointSubnetName: names.endpointSubnet
  }
}

module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: tags
    networkName: names.network
    subnetName: names.endpointSubnet
    hostStorageName: names.hostStorage
    captureStorageName: names.captureStorage
    vaultName: names.vault
    durableOnAzureStorage: !onScheduler
  }
  dependsOn: [network, hostStorage, captureStorage, vault]
}

module roles 'modules/roles.bicep' = {
  params: {
    identityName: names.identity
    hostStorageName: names.hostStorage
    captureStorageName: names.captureStorage
    captureContainerName: names.captures
    immutable: immutableDays > 0
    componentName: names.component
    vaultName: names.vault
    schedulerName: onScheduler ? names.scheduler : ''
    taskHubName: taskHubName
  }
  dependsOn: [identity, hostStorage, captureStorage, monitoring, vault, scheduler]
}

module app 'modules/function-app.bicep' = {
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityName: names.identity
    hostStorageName: names.hostStorage
    packageContainerName: names.packages
    captureStorageName: names.captureStorage
    captureContainerName: names.captures
    deleteAfterDays: deleteAfterDays
    deleteAfterDaysByVerdict: deleteAfterDaysByVerdict
    immutableDays: immutableDays
    componentName: names.component
    vaultName: names.vault
    schedulerName: onScheduler ? names.scheduler : ''
    taskHubName: taskHubName
    networkName: privateNetwork ? names.network : ''
    subnetName: privateNetwork ? names.appSubnet : ''
    instanceMemoryMegabytes: instanceMemoryMegabytes
    maximumInstances: maximumInstances
    alwaysReadyDurable: alwaysReadyDurable
    httpPerInstance: httpPerInstance
    settings: settings
    vaultSettings: vaultSettings
    entraClientId: entraClientId
  }
  // The host refuses to start without its rights, and cannot reach its storage without its endpoints.
  dependsOn: [roles, privateEndpoints]
}

module alerts 'modules/alerts.bicep' = {
  params: {
    namePrefix: base
    location: location
    tags: tags
    workspaceName: names.workspace
    actionGroupIds: alertActionGroupIds
    oldestGrantSeconds: alertOldestGrantSeconds
    toleratedFailures: alertToleratedFailures
  }
  dependsOn: [monitoring]
}

module workbook 'modules/workbook.bicep' = {
  params: {
    location: location
    tags: tags
    workspaceName: names.workspace
  }
  dependsOn: [monitoring]
}

@description('Name of the Functions app.')
output appName string = app.outputs.name

@description('Host name that the API answers at.')
output hostName string = app.outputs.hostName

@description('Name of the identity that the app runs as; to be bound in each cluster, see infra/kubernetes.')
output identityName string = identity.outputs.name

@description('Name of the storage account of the host.')
output hostStorageName string = hostStorage.outputs.name

@description('Name of the storage account of the evidence.')
output captureStorageName string = captureStorage.outputs.name

@description('Name of the container of the evidence.')
output captureContainerName string = captureStorage.outputs.containerName

@description('Name of the vault that webhook secrets are set in.')
output vaultName string = vault.outputs.name

@description('Name of the Log Analytics workspace.')
output workspaceName string = monitoring.outputs.workspaceName

@description('Name of the workbook resource.')
output workbookName string = workbook.outputs.name

@description('Names of the alert rules.')
output alertNames string[] = alerts.outputs.names
