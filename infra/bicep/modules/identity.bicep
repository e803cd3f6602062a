metadata description = 'The one identity that the Functions app runs as. What it may do is in roles.bicep, and nowhere else.'

@description('Name of the identity.')
param name string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' = {
  name: name
  location: location
  tags: tags
}

@description('Name of the identity.')
output name string = identity.name

@description('Its principal (object) id, which a new identity of the same name does not have.')
output principalId string = identity.properties.principalId
