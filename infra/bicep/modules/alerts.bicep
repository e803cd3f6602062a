metadata description = 'Three alert rules on the metrics of the app: a right that lives too long, a right that could not be proven gone, captures that fail.'

@description('First part of the names of the rules.')
param namePrefix string

@description('Azure region.')
param location string

@description('Tags of every resource.')
param tags object

@description('Name of the Log Analytics workspace.')
param workspaceName string

@description('Resource ids of the action groups that are told; none for rules that only show in the portal.')
param actionGroupIds string[]

@description('Age in seconds from which the oldest live grant is too old. Above the longest window that the policy allows plus its margin.')
@minValue(60)
param oldestGrantSeconds int

@description('Failed captures in half an hour that are tolerated.')
@minValue(0)
param toleratedFailures int

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' existing = {
  name: workspaceName
}

var rules = [
  {
    name: 'oldest-grant'
    severity: 1
    title: 'A grant lives too long'
    text: 'The oldest live grant is older than ${oldestGrantSeconds} s, or no sweep could look everywhere for 15 minutes. See docs/azure.md, "When an alert fires".'
    query: loadTextContent('../queries/oldest-grant.kql')
    window: 'PT15M'
    threshold: oldestGrantSeconds
  }
  {
    name: 'revoke-unproven'
    severity: 1
    title: 'Rights could not be proven gone'
    text: 'A capture ended without proof that its rights are gone, or the reaper could not take back what it found. See docs/azure.md, "When an alert fires".'
    query: loadTextContent('../queries/revoke-unproven.kql')
    window: 'PT15M'
    threshold: 0
  }
  {
    name: 'captures-failing'
    severity: 2
    title: 'Captures fail'
    text: 'More than ${toleratedFailures} captures failed within half an hour. See docs/azure.md, "When an alert fires".'
    query: loadTextContent('../queries/captures-failing.kql')
    window: 'PT30M'
    threshold: toleratedFailures
  }
]

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${namePrefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: 'CaptureFlow: ${rule.title}'
      description: rule.text
      severity: rule.severity
      enabled: true
      scopes: [workspace.id]
      evaluationFrequency: 'PT5M'
      windowSize: rule.window
      autoMitigate: true
      // The tables exist only once the app has sent something.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: rule.query
            metricMeasureColumn: 'Value'
            timeAggregation: 'Maximum'
            operator: 'GreaterThan'
            threshold: rule.threshold
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: { actionGroups: actionGroupIds }
    }
  }
]

@description('Names of the rules.')
output names string[] = [for (rule, i) in rules: alerts[i].name]
