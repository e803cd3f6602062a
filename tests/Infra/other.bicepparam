using 'main.bicep'

// Every option that dev and prod leave alone.
param environmentName = 'other'
param durableBackend = 'DurableTaskScheduler'
param schedulerSku = 'Dedicated'
param privateNetwork = true
param fixedEgressAddress = true
param clusterDnsZoneIds = [
  '/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/nodes/providers/Microsoft.Network/privateDnsZones/0a1b.privatelink.westeurope.azmk8s.io'
]
param downloadIpRanges = ['192.0.2.0/24']
param coolAfterDays = 0
param deleteAfterDays = 0
param immutableCaptures = true
param immutableDays = 30
param vaultSettings = { CaptureFlow__Alerts__Example__Secret: 'example-webhook' }
param entraClientId = '00000000-0000-0000-0000-000000000009'
param alertActionGroupIds = ['/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/oncall/providers/Microsoft.Insights/actionGroups/oncall']
