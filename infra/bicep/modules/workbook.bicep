metadata description = 'The workbook "CaptureFlow": captures by verdict, step times, bytes, drops, grants and orphans.'

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the Log Analytics workspace that it reads.')
param workspaceName string

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(resourceGroup().id, 'captureflow-workbook')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'CaptureFlow'
    category: 'workbook'
    sourceId: workspace.id
    serializedData: loadTextContent('../workbook/captures.workbook.json')
  }
}

@description('Name of the workbook resource.')
output name string = workbook.name
