metadata description = 'Every role assignment of the deployment. The app has no role on the resource group or above, and none that manages resources.'

@description('Principal (object) id of the identity that the app runs as.')
param principalId string

@description('Name of the storage account of the host.')
param hostStorageName string

@description('Name of the storage account of the evidence.')
param captureStorageName string

@description('Name of the container of the evidence.')
param captureContainerName string

@description('The evidence is under version-level WORM: the app may then set a longer policy or a legal hold on one capture.')
param immutable bool

@description('Name of the Application Insights component.')
param componentName string

@description('Name of the vault.')
param vaultName string

@description('Name of the Durable Task Scheduler; empty where the task hub is in the host account.')
param schedulerName string

@description('Name of the task hub in the scheduler.')
param taskHubName string

var durableOnAzureStorage = empty(schedulerName)

// Built-in roles, by their fixed ids.
var storageBlobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var storageQueueDataContributor = '974c5e8b-45b9-4653-ba55-5f855dd0fb88'
var storageTableDataContributor = '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
var storageBlobDelegator = 'db58b8e5-c6ad-4a2a-8342-4190687cbf4a'
var monitoringMetricsPublisher = '3913510d-42f4-4e42-8a64-420c390055eb'
var keyVaultSecretsUser = '4633458b-17de-408a-b874-0445c86b69e6'
var durableTaskDataContributor = '0ad04412-c4d5-4796-b79c-f76d14c8d402'

resource hostStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: hostStorageName
}

resource captureStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: captureStorageName

  resource blobs 'blobServices' existing = {
    name: 'default'

    resource captures 'containers' existing = {
      name: captureContainerName
    }
  }
}

resource component 'Microsoft.Insights/components@2020-02-02' existing = {
  name: componentName
}

resource vault 'Microsoft.KeyVault/vaults@2024-11-01' existing = {
  name: vaultName
}

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' existing = if (!durableOnAzureStorage) {
  name: schedulerName

  resource taskHub 'taskHubs' existing = {
    name: taskHubName
  }
}

// The name of an assignment has the principal in it: an identity that was deleted and made again has another one under the same resource id, and the
// principal of an assignment cannot be changed.

// The host's own needs: it makes containers for locks and keys, which is why it asks for the data owner and no less.
var hostRoles = durableOnAzureStorage
  ? [storageBlobDataOwner, storageQueueDataContributor, storageTableDataContributor]
  : [storageBlobDataOwner]

resource host 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for role in hostRoles: {
    name: guid(hostStorage.id, principalId, role)
    scope: hostStorage
    properties: {
      roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', role)
      principalId: principalId
      principalType: 'ServicePrincipal'
    }
  }
]

// No built-in role writes blobs and their index tags without also owning the container. This one cannot delete versions, so what the app
// deletes can be brought back, and it cannot change the container.
resource evidenceWriter 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'captureflow-evidence-writer')
  properties: {
    roleName: 'CaptureFlow evidence writer ${uniqueString(resourceGroup().id)}'
    description: 'Stores, reads, tags, finds and deletes captures in one container.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: ['Microsoft.Storage/storageAccounts/blobServices/containers/read']
        notActions: []
        dataActions: concat(
          [
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read'
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/write'
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/add/action'
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete'
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/filter/action'
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/read'
            'Microsoft.Storage/storageAccounts/blobServices/containers/blobs/tags/write'
          ],
          immutable
            ? ['Microsoft.Storage/storageAccounts/blobServices/containers/blobs/immutableStorage/runAsSuperUser/action']
            : []
        )
        notDataActions: []
      }
    ]
  }
}

resource evidence 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(captureStorage::blobs::captures.id, principalId, evidenceWriter.id)
  scope: captureStorage::blobs::captures
  properties: {
    roleDefinitionId: evidenceWriter.id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

// To sign download links. The key that it gives is worth no more than the identity's own rights, above.
resource links 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(captureStorage.id, principalId, storageBlobDelegator)
  scope: captureStorage
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageBlobDelegator)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource telemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(component.id, principalId, monitoringMetricsPublisher)
  scope: component
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', monitoringMetricsPublisher)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource webhookSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, keyVaultSecretsUser)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', keyVaultSecretsUser)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}

resource taskHub 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!durableOnAzureStorage) {
  name: guid(scheduler::taskHub.id, principalId, durableTaskDataContributor)
  scope: scheduler::taskHub
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', durableTaskDataContributor)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
