metadata description = 'The storage account of the evidence: nothing else is in it, so that who may read captures is one short list.'

import { daysByVerdict, daysOfEach } from 'retention.bicep'

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

@description('Days after which captures of one verdict are deleted; 0 for never. The verdict is read from the index tag of the blob.')
param deleteAfterDaysByVerdict daysByVerdict

@description('Days after its last entry that the log of a capture is deleted. 0 for never.')
@minValue(0)
param deleteLogAfterDays int

@description('Days for which a deleted or overwritten blob can be brought back.')
@minValue(1)
@maxValue(365)
param undeleteDays int

@description('Version-level WORM: captures can be put under an immutability policy. Can be chosen only when the container is made; the deployment of another value fails.')
param immutable bool

@description('Reachable through private endpoints and from downloadIpRanges only.')
param privateOnly bool

@description('Public IPv4 addresses or CIDR ranges that may download through a link although privateOnly is set.')
param downloadIpRanges string[]

// A filter cannot exclude, so each rule names what it takes: captures and their index entries. Logs have days of their own; what is still
// being staged is left to the app.
var capturePrefixes = ['${containerName}/cf-', '${containerName}/index/']
var cool = coolAfterDays == 0
  ? []
  : [
      {
        name: 'cool-captures'
        enabled: true
        type: 'Lifecycle'
        definition: {
          // Logs are append blobs, which have no tiers.
          filters: { blobTypes: ['blockBlob'], prefixMatch: ['${containerName}/cf-'] }
          actions: { baseBlob: { tierToCool: { daysAfterModificationGreaterThan: coolAfterDays } } }
        }
      }
    ]
var oldVersions = [
  {
    name: 'old-versions'
    enabled: true
    type: 'Lifecycle'
    definition: {
      filters: { blobTypes: ['blockBlob', 'appendBlob'], prefixMatch: ['${containerName}/'] }
      actions: { version: { delete: { daysAfterCreationGreaterThan: undeleteDays } } }
    }
  }
]

// To the service, 0 days is "at once": what is kept for ever must have no rule at all.
var daysOfVerdicts = items(daysOfEach(deleteAfterDays, deleteAfterDaysByVerdict))
var byVerdict = map(
  filter(daysOfVerdicts, verdict => verdict.value > 0),
  verdict => {
    name: 'captures-${toLower(verdict.key)}'
    enabled: true
    type: 'Lifecycle'
    definition: {
      filters: {
        blobTypes: ['blockBlob']
        prefixMatch: capturePrefixes
        blobIndexMatch: [{ name: 'verdict', op: '==', value: verdict.key }]
      }
      actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: verdict.value } } }
    }
  }
)

// For blobs without tags. It takes those with tags too, so it must not come before the last of their rules, and is not there when one
// verdict is kept for ever. Staged bytes have no tag yet either, and the app may keep them for 6 days.
var longestStagedDays = 7
var longestDays = max(concat(map(daysOfVerdicts, verdict => verdict.value), [longestStagedDays]))
var byAge = contains(map(daysOfVerdicts, verdict => verdict.value), 0)
  ? []
  : [
      {
        name: 'captures-by-age'
        enabled: true
        type: 'Lifecycle'
        definition: {
          filters: { blobTypes: ['blockBlob'], prefixMatch: capturePrefixes }
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: longestDays } } }
        }
      }
    ]
var logs = deleteLogAfterDays == 0
  ? []
  : [
      {
        name: 'logs'
        enabled: true
        type: 'Lifecycle'
        definition: {
          filters: { blobTypes: ['appendBlob'], prefixMatch: ['${containerName}/log/'] }
          actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: deleteLogAfterDays } } }
        }
      }
    ]

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
      rules: concat(oldVersions, cool, byVerdict, byAge, logs)
    }
  }
  dependsOn: [blobs]
}

@description('Name of the account.')
output name string = account.name

@description('Name of the container.')
output containerName string = captures.name
