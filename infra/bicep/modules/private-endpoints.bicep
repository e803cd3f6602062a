metadata description = 'Private endpoints of both storage accounts, of the vault and, where it is chosen, of the Durable Task Scheduler.'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the virtual network.')
param networkName string

@description('Name of the subnet for endpoints.')
param subnetName string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Name of the storage account of the evidence.')
param captureStorageName string

@description('Name of the vault.')
param vaultName string

@description('Name of the Durable Task Scheduler; empty where the task hub is in the host account, whose queues and tables need endpoints then.')
param schedulerName string

// Named by neither the environment's suffix nor the public host name.
var vaultZone = 'privatelink.vaultcore.azure.net'
var schedulerZone = 'privatelink.durabletask.io'
var hostParts = empty(schedulerName) ? ['blob', 'queue', 'table'] : ['blob']
var storageEndpoints = [
  ...map(hostParts, part => { account: hostStorageName, part: part })
  { account: captureStorageName, part: 'blob' }
]

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource captureStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: captureStorageName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (!empty(schedulerName)) {
  name: schedulerName
}

module storageZones 'dns-zone.bicep' = [
  for part in hostParts: {
    params: {
      name: 'privatelink.${part}.${environment().suffixes.storage}'
      tags: tags
      networkName: networkName
    }
  }
]

module vaultZones 'dns-zone.bicep' = {
  params: {
    name: vaultZone
    tags: tags
    networkName: networkName
  }
}

// One at a time: two endpoints made at once in one subnet can conflict.
@batchSize(1)
module storage 'private-endpoint.bicep' = [
  for endpoint in storageEndpoints: {
    params: {
      name: '${endpoint.account}-${endpoint.part}'
      location: location
      tags: tags
      networkName: networkName
      subnetName: subnetName
      targetId: endpoint.account == hostStorageName ? hostStorage.id : captureStorage.id
      groupId: endpoint.part
      zoneName: 'privatelink.${endpoint.part}.${environment().suffixes.storage}'
    }
    dependsOn: [storageZones]
  }
]

module vaultEndpoint 'private-endpoint.bicep' = {
  params: {
    name: '${vaultName}-vault'
    location: location
    tags: tags
    networkName: networkName
    subnetName: subnetName
    targetId: vault.id
    groupId: 'vault'
    zoneName: vaultZone
  }
  dependsOn: [storage, vaultZones]
}

module schedulerZones 'dns-zone.bicep' = if (!empty(schedulerName)) {
  params: {
    name: schedulerZone
    tags: tags
    networkName: networkName
  }
}

module schedulerEndpoint 'private-endpoint.bicep' = if (!empty(schedulerName)) {
  params: {
    name: '${schedulerName}-scheduler'
    location: location
    tags: tags
    networkName: networkName
    subnetName: subnetName
    targetId: scheduler.id
    groupId: 'scheduler'
    zoneName: schedulerZone
  }
  dependsOn: [vaultEndpoint, schedulerZones]
}
