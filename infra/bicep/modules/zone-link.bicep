metadata description = 'Makes a private DNS zone that exists, e.g. that of a private AKS cluster, known in the network of the app.'

@description('Name of the zone.')
param zoneName string

@description('Resource id of the virtual network of the app.')
param networkId string

@description('Name of the link.')
param linkName string

@description('Tags of every resource.')
param tags object

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneName
}

resource link 'Microsoft.Network/privateDnsZones/virtualNetworkLinks@2024-06-01' = {
  parent: zone
  name: linkName
  location: 'global'
  tags: tags
  properties: {
    registrationEnabled: false
    virtualNetwork: { id: networkId }
  }
}

@description('Name of the link.')
output name string = link.name
