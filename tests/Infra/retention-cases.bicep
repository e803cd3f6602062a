metadata description = 'One whole deployment for each case of a property test.'

import { daysByVerdict } from 'modules/retention.bicep'

@description('Azure region.')
param location string = resourceGroup().location

@description('The settings of each deployment.')
param cases { all: int, byVerdict: daysByVerdict, logs: int }[]

module deployments 'main.bicep' = [
  for (case, i) in cases: {
    params: {
      environmentName: 'case${i}'
      location: location
      alertsTellNobody: true
      deleteAfterDays: case.all
      deleteAfterDaysByVerdict: case.byVerdict
      deleteLogAfterDays: case.logs
    }
  }
]
