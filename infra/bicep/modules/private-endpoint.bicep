metadata description = 'One private endpoint with its DNS zone.'

@description('Name of the endpoint.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the virtual network.')
param networkName string

@description('Name of the subnet for endpoints.')
param subnetName string

@description('Resource id of what the endpoint leads to.')
param targetId string

@description('Which part of it, e.g. blob, queue, table, vault.')
param groupId string

@description('Name of the private DNS zone, made by dns-zone.bicep.')
param zoneName string

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' existing = {
  name: networkName

  resource subnet 'subnets' existing = {
    name: subnetName
  }
}

resource zone 'Microsoft.Network/privateDnsZones@2024-06-01' existing = {
  name: zoneName
}

resource endpoint 'Microsoft.Network/privateEndpoints@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    subnet: { id: network::subnet.id }
    privateLinkServiceConnections: [
      {
        name: name
        properties: {
          privateLinkServiceId: targetId
          groupIds: [groupId]
        }
      }
    ]
  }

  resource names 'privateDnsZoneGroups' = {
    name: 'default'
    properties: {
      privateDnsZoneConfigs: [{ name: groupId, properties: { privateDnsZoneId: zone.id } }]
    }
  }
}

@description('Name of the endpoint.')
output name string = endpoint.name
