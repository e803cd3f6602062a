metadata description = 'A private DNS zone, known in one virtual network.'

@description('Name of the zone.')
param name string

@description('Tags of every resource.')
param tags object

@description('Name of the virtual network that resolves it.')
param networkName string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  name: networkName
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' = {
  name: name
  location: 'global'
  tags: tags

  resource link 'virtualNetworkLinks' = {
    name: networkName
    location: 'global'
    tags: tags
    properties: {
      registrationEnabled: false
      virtualNetwork: { id: network.id }
    }
  }
}

@description('Name of the zone.')
output name string = zone.name
