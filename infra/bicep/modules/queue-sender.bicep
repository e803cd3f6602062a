metadata description = 'The right to put messages into one storage queue.'

@description('Principal (object) id of the sender.')
param principalId string

@description('Name of the storage account that the queue is in.')
param storageName string

@description('Name of the queue, which exists.')
param queueName string

var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName

  resource queues 'queueServices' existing = {
    name: 'default'

    resource queue 'queues' existing = {
      name: queueName
    }
  }
}

resource send 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(storage::queues::queue.id, principalId, storageQueueDataMessageSender)
  scope: storage::queues::queue
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataMessageSender)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
