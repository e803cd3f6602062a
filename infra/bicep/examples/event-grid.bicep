metadata description = 'Example: a message in a storage queue for every capture that has been stored, and one more when its rights are proven gone, for what comes after it (a ticket, an analysis).'

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

resource captureStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: captureStorageName
}

resource queueStorage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: queueStorageName
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

module send '../modules/queue-sender.bicep' = {
  params: {
    // The name of the assignment has it in it, and only Azure knows it: what-if leaves this module out.
    #disable-next-line what-if-short-circuiting
    principalId: topic.identity.principalId
    storageName: queueStorageName
    queueName: queueName
  }
}

// The manifest is written after the file: whoever hears of it finds both. It is written twice, when the capture is stored and again when its rights
// are proven gone, so one capture sends two messages; the second has the whole manifest.
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
