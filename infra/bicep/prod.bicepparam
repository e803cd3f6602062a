using 'main.bicep'

param environmentName = 'prod'
param storageSku = 'Standard_ZRS'
param privateNetwork = true
param networkPrefix = '10.90.0.0/24'
param coolAfterDays = 30
param deleteAfterDays = 365
param deleteAfterDaysByVerdict = { Empty: 30 }
param undeleteDays = 30
// To keep evidence beyond the reach of everybody, set e.g. immutableDays = 30; read docs/azure.md first, it stays.
param immutableDays = 0
// The first step of a capture in an incident is not to wait for a cold start.
param alwaysReadyDurable = 1
param maximumInstances = 100
param telemetryDays = 90
param telemetryCapGigabytes = 5
