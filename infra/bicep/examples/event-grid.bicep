metadata description = 'Example: a message in a storage queue for every capture that has been stored, for what comes after it (a ticket, an analysis).'

@description('Azure region; that of the storage account of the evidence.')
param location string = resourceGroup().location

@description('Tags of every resource.')
param tags object = { application: 'captureflow' }

@description('Name of the storage account of the evidence: captureStorageName of main.bicep.')
param captureStorageName string

@description('Name of its container.')
param captureContainerName string = 'captures'

@description('Name of the storage account that the queue is in; never the one of the evidence.')
param queueStorageName string

@description('Name of the queue, which exists.')
param queueName string = 'captures-stored'

var storageQueueDataMessageSender = 'c6a89b2d-59bc-44d0-9896-0f6e12d7b80a'

resource captureStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: captureStorageName
}

resource queueStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: queueStorageName

  resource queues 'queueServices' existing = {
    name: 'default'

    resource queue 'queues' existing = {
      name: queueName
    }
  }
}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: '${captureStorageName}-events'
  location: location
  tags: tags
  identity: { type: 'SystemAssigned' }
  properties: {
    source: captureStorage.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource send 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(queueStorage::queues::queue.id, topic.id, storageQueueDataMessageSender)
  scope: queueStorage::queues::queue
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', storageQueueDataMessageSender)
    principalId: topic.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// The manifest is written after the file: whoever hears of it finds both.
resource stored 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: 'captures-stored'
  properties: {
    filter: {
      includedEventTypes: ['Microsoft.Storage.BlobCreated']
      subjectBeginsWith: '/blobServices/default/containers/${captureContainerName}/'
      subjectEndsWith: 'manifest.json'
    }
    deliveryWithResourceIdentity: {
      identity: { type: 'SystemAssigned' }
      destination: {
        endpointType: 'StorageQueue'
        properties: {
          resourceId: queueStorage.id
          queueName: queueName
          queueMessageTimeToLiveInSeconds: 604800
        }
      }
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  }
  dependsOn: [send]
}

@description('Name of the system topic.')
output topicName string = topic.name
