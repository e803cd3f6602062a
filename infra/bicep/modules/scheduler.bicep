metadata description = 'The Durable Task Scheduler, where that backend is chosen instead of Azure Storage.'

@description('Name of the scheduler.')
param name string

@description('Azure region. Not every region has it.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the task hub.')
param taskHubName string

@description('Consumption: paid by the work; Dedicated: paid by the hour.')
@allowed(['Consumption', 'Dedicated'])
param sku string

@description('IPv4 ranges that may reach the scheduler. It has no open default: an empty list denies everybody.')
@minLength(1)
param ipAllowList string[]

@description('Reachable through a private endpoint only; the ranges then count for nothing.')
param privateOnly bool

resource scheduler 'Microsoft.DurableTask/schedulers@2026-02-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    sku: sku == 'Dedicated' ? { name: sku, capacity: 1 } : { name: sku }
    ipAllowlist: privateOnly ? [] : ipAllowList
    publicNetworkAccess: privateOnly ? 'Disabled' : 'Enabled'
  }
}

resource taskHub 'Microsoft.DurableTask/schedulers/taskHubs@2026-02-01' = {
  parent: scheduler
  name: taskHubName
  properties: {}
}

@description('Name of the scheduler.')
output name string = scheduler.name

@description('Name of the task hub.')
output taskHubName string = taskHub.name
