metadata description = 'One fixed public address for everything that the app sends out: what clusters with authorized IP ranges have to know.'

@description('Name of the NAT gateway.')
param name string

@description('Name of its public address.')
param addressName string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

resource address 'Microsoft.Network/publicIPAddresses@2024-07-01' = {
  name: addressName
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIPAllocationMethod: 'Static'
    publicIPAddressVersion: 'IPv4'
  }
}

resource gateway 'Microsoft.Network/natGateways@2024-07-01' = {
  name: name
  location: location
  tags: tags
  sku: { name: 'Standard' }
  properties: {
    publicIpAddresses: [{ id: address.id }]
    // Above the minute in which a watch of a cluster may say nothing.
    idleTimeoutInMinutes: 10
  }
}

@description('Name of the NAT gateway.')
output name string = gateway.name

@description('Name of the public address.')
output addressName string = address.name
