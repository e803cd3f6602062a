using 'main.bicep'

// Every option that dev and prod leave alone.
param environmentName = 'other'
param durableBackend = 'DurableTaskScheduler'
param schedulerSku = 'Dedicated'
param privateNetwork = true
param downloadIpRanges = ['192.0.2.0/24']
param coolAfterDays = 0
param deleteAfterDays = 0
param immutableDays = 30
param vaultSettings = { CaptureFlow__Alerts__Example__Secret: 'example-webhook' }
param entraClientId = '00000000-0000-0000-0000-000000000009'
