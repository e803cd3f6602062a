using 'main.bicep'

param environmentName = 'prod'
param storageSku = 'Standard_ZRS'
param privateNetwork = true
param networkPrefix = '10.90.0.0/24'
param coolAfterDays = 30
param deleteAfterDays = 365
param deleteAfterDaysByVerdict = { Empty: 30 }
param undeleteDays = 30
// To keep evidence beyond the reach of everybody, decide before the first deployment: a container that exists cannot be given the ability.
// immutableDays then says for how long, and can be raised and lowered later; read docs/azure.md first.
param immutableCaptures = false
param immutableDays = 0
// The first step of a capture in an incident is not to wait for a cold start.
param alwaysReadyDurable = 1
param maximumInstances = 100
param telemetryDays = 90
param telemetryCapGigabytes = 5
// Until there is an action group (examples/action-group.bicep makes one), nobody is told. Put its id into alertActionGroupIds, and take this out.
param alertsTellNobody = true
