metadata description = 'Private endpoints of both storage accounts and of the vault.'

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

@description('The task hub is in the host account: its queues and tables need endpoints too.')
param durableOnAzureStorage bool

// The vault's zone is named by neither the environment's suffix nor the public host name.
var vaultZone = 'privatelink.vaultcore.azure.net'
var hostParts = durableOnAzureStorage ? ['blob', 'queue', 'table'] : ['blob']
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
