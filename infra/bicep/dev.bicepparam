using 'main.bicep'

// As cheap as it gets: one zone, no private network, nothing kept warm, a short memory.
param environmentName = 'dev'
param storageSku = 'Standard_LRS'
param deleteAfterDays = 14
param deleteAfterDaysByVerdict = { Empty: 2, Failed: 2 }
// Nobody is on call for it.
param alertsTellNobody = true
param undeleteDays = 7
// Nobody waits in an incident here: the first step after a quiet time may wait for a cold start.
param alwaysReadyDurable = 0
param maximumInstances = 5
param settings = {
  CaptureFlow__Policy__MaxDuration: '00:05:00'
}
