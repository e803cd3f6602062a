using 'main.bicep'

// As cheap as it gets: one zone, no private network, nothing kept warm, a short memory.
param environmentName = 'dev'
param storageSku = 'Standard_LRS'
param deleteAfterDays = 14
param deleteAfterDaysByVerdict = { Empty: 2, Failed: 2 }
param undeleteDays = 7
param maximumInstances = 5
param settings = {
  CaptureFlow__Policy__MaxDuration: '00:05:00'
}
