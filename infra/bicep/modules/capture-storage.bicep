metadata description = 'The storage account of the evidence: nothing else is in it, so that who may read captures is one short list.'

@description('Name of the storage account.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Redundancy of the evidence.')
param sku string

@description('Name of the container that captures and their manifests are stored in.')
param containerName string

@description('Days after which captures move to the cool tier; less to keep, more to read. 0 for never.')
@minValue(0)
param coolAfterDays int

@description('Days after which captures are deleted. 0 for never.')
@minValue(0)
param deleteAfterDays int

@description('Days after which captures of one verdict are deleted, e.g. { Empty: 7 }. The verdict is read from the index tag of the blob.')
param deleteAfterDaysByVerdict object

@description('Days for which a deleted or overwritten blob can be brought back.')
@minValue(1)
@maxValue(365)
param undeleteDays int

@description('Version-level WORM: the app then puts every stored capture under an immutability policy. A container that has it keeps it.')
param immutable bool

@description('Reachable through private endpoints and from downloadIpRanges only.')
param privateOnly bool

@description('Public IPv4 addresses or CIDR ranges that may download through a link although privateOnly is set.')
param downloadIpRanges string[]

var cool = coolAfterDays == 0
  ? []
  : [
      {
        name: 'cool-captures'
        enabled: true
        type: 'Lifecycle'
        definition: {
          // Logs are append blobs, which have no tiers.
          filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/'] }
          actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: coolAfterDays } } }
        }
      }
    ]
var oldVersions = { version: { delete: { daysAfterCreationGreaterThan: undeleteDays } } }
var byAge = {
  name: deleteAfterDays == 0 ? 'old-versions' : 'captures-by-age'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${containerName}/'] }
    actions: deleteAfterDays == 0
      ? oldVersions
      : union(oldVersions, { baseBlob: { delete: { daysAfterModificationGreaterThan: deleteAfterDays } } })
  }
}
var byVerdict = map(items(deleteAfterDaysByVerdict), verdict => {
  name: 'captures-${toLower(verdict.key)}'
  enabled: true
  type: 'Lifecycle'
  definition: {
    filters: {
      blobTypes: ['blockBlob']
      prefixMatch: ['${containerName}/']
      blobIndexMatch: [{ name: 'verdict', op: '==', value: verdict.key }]
    }
    actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: verdict.value } } }
  }
})

resource account 'Microsoft.Storage/storageAccounts@2024-01-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: { name: sku }
  properties: {
    accessTier: 'Hot'
    allowSharedKeyAccess: false
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    publicNetworkAccess: privateOnly && empty(downloadIpRanges) ? 'Disabled' : 'Enabled'
    networkAcls: {
      defaultAction: privateOnly ? 'Deny' : 'Allow'
      bypass: 'None'
      ipRules: map(downloadIpRanges, range => { action: 'Allow', value: range })
    }
  }
}

resource blobs 'Microsoft.Storage/storageAccounts/blobServices@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: true
    deleteRetentionPolicy: {
      enabled: true
      days: undeleteDays
    }
    containerDeleteRetentionPolicy: {
      enabled: true
      days: undeleteDays
    }
  }
}

resource captures 'Microsoft.Storage/storageAccounts/blobServices/containers@2024-01-01' = {
  parent: blobs
  name: containerName
  properties: union({ publicAccess: 'None' }, immutable ? { immutableStorageWithVersioning: { enabled: true } } : {})
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2024-01-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: concat([byAge], cool, byVerdict)
    }
  }
  dependsOn: [blobs]
}

@description('Name of the account.')
output name string = account.name

@description('Name of the container.')
output containerName string = captures.name
