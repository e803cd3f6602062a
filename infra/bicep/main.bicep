metadata name = 'CaptureFlow'
metadata description = 'CaptureFlow as an Azure Functions app, with everything that it needs, in one resource group.'

import { daysByVerdict } from 'modules/retention.bicep'

@description('Short name of this deployment, e.g. dev or prod; a part of every name.')
@minLength(2)
@maxLength(8)
param environmentName string

@description('Azure region of every resource. It must offer Flex Consumption.')
param location string = resourceGroup().location

@description('Set it in Azure Government and Azure China: the host finds its storage account by name in the public cloud alone.')
param sovereignCloud bool = false

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

@description('Put storage and vault behind private endpoints, and let the app go out through a virtual network.')
param privateNetwork bool = false

@description('Address range of that network; a /24 or larger.')
param networkPrefix string = '10.90.0.0/24'

@description('Give the app one fixed public address to go out from, for clusters with authorized IP ranges. Needs privateNetwork.')
param fixedEgressAddress bool = false

@description('Resource ids of the private DNS zones of private AKS clusters, so that the app can resolve their API servers. Needs privateNetwork, peered with theirs.')
param clusterDnsZoneIds string[] = []

@description('Public IPv4 addresses or CIDR ranges that may download captures by a link although the network is private. Without one the app sends the bytes itself.')
param downloadIpRanges string[] = []

@description('Redundancy of both storage accounts.')
@allowed(['Standard_LRS', 'Standard_ZRS', 'Standard_GRS', 'Standard_GZRS'])
param storageSku string = 'Standard_ZRS'

@description('Days after which captures move to the cool tier. 0 for never.')
param coolAfterDays int = 0

@description('Days after which captures are deleted. 0 for never.')
param deleteAfterDays int = 90

@description('Days after which captures of one verdict are deleted, e.g. { Empty: 7 }; 0 for never.')
param deleteAfterDaysByVerdict daysByVerdict = {}

@description('Days after its last entry that the log of a capture (who asked, had the rights, downloaded) is deleted. 0 for never.')
param deleteLogAfterDays int = 400

@description('Days for which a deleted or overwritten capture can be brought back.')
param undeleteDays int = 14

@description('Make the container of the captures with version-level WORM. Choose it at the first deployment: a container that exists neither gets nor loses it.')
param immutableCaptures bool = false

@description('Days for which a stored capture can be neither changed nor deleted by anybody; needs immutableCaptures. 0 for none; it can be changed, for captures to come.')
@minValue(0)
@maxValue(36500)
param immutableDays int = 0

@description('Memory of one instance of the app.')
@allowed([512, 2048, 4096])
param instanceMemoryMegabytes int = 2048

@description('Most instances at once.')
param maximumInstances int = 40

@description('Instances of the durable group that are kept warm. 0 costs nothing at rest, and the first step after a quiet time waits for a cold start.')
param alwaysReadyDurable int = 1

@description('HTTP requests that one instance handles at once.')
param httpPerInstance int = 16

@description('App settings of CaptureFlow itself, e.g. { CaptureFlow__Policy__MaxDuration: \'00:05:00\' }. No secrets: those go to the vault.')
param settings object = {}

@description('App settings whose values are in the vault: name of the setting to name of the secret.')
param vaultSettings object = {}

@description('Client id of the Entra app registration whose version 2 tokens callers bring; empty for keys (CaptureFlow__Access__Secrets__NAME) alone.')
param entraClientId string = ''

@description('Days that metrics, traces and logs are kept.')
param telemetryDays int = 30

@description('Most gigabytes of telemetry a day. -1 for no limit.')
param telemetryCapGigabytes int = 1

@description('Resource ids of the action groups that the alert rules tell; examples/action-group.bicep makes one.')
param alertActionGroupIds string[] = []

@description('No action group on purpose: the alert rules then show in the portal alone, and tell nobody. Without it and without a group the deployment fails.')
param alertsTellNobody bool = false

@description('Age in seconds from which the oldest live grant is too old.')
param alertOldestGrantSeconds int = 5400

@description('Failed captures in half an hour that are tolerated.')
param alertToleratedFailures int = 2

// Stable for one resource group, so that a second deployment finds what the first one made. All names but those of role
// assignments are known here, before anything is deployed: what-if can then say what a deployment would do.
var token = take(uniqueString(resourceGroup().id, environmentName), 8)
var base = 'captureflow-${toLower(environmentName)}-${token}'
var names = {
  app: base
  plan: '${base}-plan'
  identity: '${base}-app'
  workspace: '${base}-logs'
  component: '${base}-insights'
  network: '${base}-network'
  egress: '${base}-egress'
  egressAddress: '${base}-egress-address'
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
// As published: the hub of the scheduler has the name that the app asks for.
var taskHubName = loadJsonContent('../../host.scheduler.json').extensions.durableTask.hubName
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
    deleteLogAfterDays: deleteLogAfterDays
    undeleteDays: undeleteDays
    immutable: immutableCaptures
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
    privateOnly: privateNetwork
  }
}

module egress 'modules/egress.bicep' = if (privateNetwork && fixedEgressAddress) {
  params: {
    name: names.egress
    addressName: names.egressAddress
    location: location
    tags: tags
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
    natGatewayName: fixedEgressAddress ? names.egress : ''
  }
  dependsOn: [egress]
}

// A private zone is in the group of its cluster: whoever deploys needs Private DNS Zone Contributor there.
module clusterZones 'modules/zone-link.bicep' = [
  for zoneId in clusterDnsZoneIds: if (privateNetwork) {
    scope: resourceGroup(split(zoneId, '/')[2], split(zoneId, '/')[4])
    params: {
      zoneName: last(split(zoneId, '/'))
      networkId: resourceId('Microsoft.Network/virtualNetworks', names.network)
      linkName: names.network
      tags: tags
    }
    dependsOn: [network]
  }
]

module privateEndpoints 'modules/private-endpoints.bicep' = if (privateNetwork) {
  params: {
    location: location
    tags: tags
    networkName: names.network
    subnetName: names.endpointSubnet
    hostStorageName: names.hostStorage
    captureStorageName: names.captureStorage
    vaultName: names.vault
    schedulerName: onScheduler ? names.scheduler : ''
  }
  dependsOn: [network, hostStorage, captureStorage, vault, scheduler]
}

module roles 'modules/roles.bicep' = {
  params: {
    // Names of assignments have it in them, and only Azure knows it: what-if leaves this module out.
    #disable-next-line what-if-short-circuiting
    principalId: identity.outputs.principalId
    hostStorageName: names.hostStorage
    captureStorageName: names.captureStorage
    captureContainerName: names.captures
    immutable: immutableCaptures
    componentName: names.component
    vaultName: names.vault
    schedulerName: onScheduler ? names.scheduler : ''
    taskHubName: taskHubName
  }
  dependsOn: [hostStorage, captureStorage, monitoring, vault, scheduler]
}

module app 'modules/function-app.bicep' = {
  params: {
    name: names.app
    planName: names.plan
    location: location
    tags: tags
    identityName: names.identity
    hostStorageName: names.hostStorage
    sovereignCloud: sovereignCloud
    packageContainerName: names.packages
    captureStorageName: names.captureStorage
    captureContainerName: names.captures
    deleteAfterDays: deleteAfterDays
    deleteAfterDaysByVerdict: deleteAfterDaysByVerdict
    deleteLogAfterDays: deleteLogAfterDays
    // The app would refuse to store anything, after each capture.
    immutableDays: immutableDays == 0 || immutableCaptures
      ? immutableDays
      : fail('immutableDays needs immutableCaptures, which is chosen when the container of the captures is made.')
    componentName: names.component
    vaultName: names.vault
    schedulerName: onScheduler ? names.scheduler : ''
    downloadLinks: !privateNetwork || !empty(downloadIpRanges)
    networkName: privateNetwork
      ? names.network
      : fixedEgressAddress || !empty(clusterDnsZoneIds)
          ? fail('fixedEgressAddress and clusterDnsZoneIds need privateNetwork.')
          : ''
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
    actionGroupIds: alertsTellNobody || !empty(alertActionGroupIds)
      ? alertActionGroupIds
      : fail('Nobody would be told of alerts: name an action group in alertActionGroupIds, or set alertsTellNobody.')
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

@description('Name of the public address that the app goes out from; empty where it has no fixed one.')
output egressAddressName string = privateNetwork && fixedEgressAddress ? egress!.outputs.addressName : ''

@description('Name of the Log Analytics workspace.')
output workspaceName string = monitoring.outputs.workspaceName

@description('Name of the workbook resource.')
output workbookName string = workbook.outputs.name

@description('Whom the alert rules tell.')
output alertsTell string = empty(alertActionGroupIds)
  ? 'NOBODY IS TOLD when an alert fires: alertActionGroupIds is empty. Make an action group (examples/action-group.bicep), name it there, and deploy again.'
  : 'The action groups in alertActionGroupIds.'

@description('Names of the alert rules.')
output alertNames string[] = alerts.outputs.names
