metadata description = 'The virtual network: one subnet that the app goes out through, one for the private endpoints.'

@description('Name of the virtual network.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Address range of the network; a /24 or larger. To reach private clusters, peer it with theirs: the ranges must not overlap.')
param addressPrefix string

@description('Name of the subnet that the app goes out through.')
param appSubnetName string

@description('Name of the subnet of the private endpoints.')
param endpointSubnetName string

@description('Name of the NAT gateway that the app goes out through; empty for none.')
param natGatewayName string

resource natGateway 'Microsoft.Network/natGateways@2024-07-01' existing = if (!empty(natGatewayName)) {
  name: natGatewayName
}

resource appRules 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-app'
  location: location
  tags: tags
}

resource endpointRules 'Microsoft.Network/networkSecurityGroups@2024-07-01' = {
  name: '${name}-endpoints'
  location: location
  tags: tags
}

resource network 'Microsoft.Network/virtualNetworks@2024-07-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    addressSpace: { addressPrefixes: [addressPrefix] }
    subnets: [
      {
        name: appSubnetName
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 0)
          networkSecurityGroup: { id: appRules.id }
          natGateway: empty(natGatewayName) ? null : { id: natGateway.id }
          // Flex Consumption runs on this provider.
          delegations: [{ name: 'app', properties: { serviceName: 'Microsoft.App/environments' } }]
        }
      }
      {
        name: endpointSubnetName
        properties: {
          addressPrefix: cidrSubnet(addressPrefix, 26, 1)
          networkSecurityGroup: { id: endpointRules.id }
          privateEndpointNetworkPolicies: 'Enabled'
        }
      }
    ]
  }
}

@description('Name of the network.')
output name string = network.name
