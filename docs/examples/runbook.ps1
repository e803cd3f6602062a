# Azure Automation runbook (PowerShell 7): takes a capture and returns what it came to. Fails when there is none, or its verdict is one to fail on.
# Variables of the Automation account: CaptureFlowUrl, and CaptureFlowKey, which is encrypted.
param(
    [Parameter(Mandatory)] [string] $Pod,
    [string] $Duration = '30s',
    [string] $Reason = 'by runbook',
    [string[]] $FailOn = @('Partial')
)
$ErrorActionPreference = 'Stop'
$url = if ($env:CAPTUREFLOW_URL) { $env:CAPTUREFLOW_URL } else { Get-AutomationVariable -Name 'CaptureFlowUrl' }
$key = if ($env:CAPTUREFLOW_URL) { "$env:CAPTUREFLOW_KEY" } else { Get-AutomationVariable -Name 'CaptureFlowKey' }
$headers = @{ 'x-functions-key' = $key; 'Idempotency-Key' = [guid]::NewGuid().ToString() }

$order = @{ target = @{ pod = $Pod }; window = @{ duration = $Duration }; reason = $Reason } | ConvertTo-Json
$accepted = Invoke-RestMethod -Method Post -Uri "$url/api/captures" -Headers $headers -ContentType 'application/json' -Body $order -MaximumRetryCount 3 -RetryIntervalSec 2

$headers.Remove('Idempotency-Key')
do {
    # Answered at the next change, or after 30 seconds.
    $capture = Invoke-RestMethod -Uri "$url/api/captures/$($accepted.id)?wait=30" -Headers $headers -MaximumRetryCount 3 -RetryIntervalSec 2
} until ($capture.status -in 'completed', 'refused', 'denied', 'expired', 'cancelled', 'failed', 'revokeUnproven', 'notDiscarded')

if ($capture.status -ne 'completed') {
    throw "Capture $($capture.id): $($capture.status). $(($capture.faults | ForEach-Object { "$($_.message) $($_.remedy)" }) -join ' ')"
}
$capture | Select-Object id, status, verdict, @{ n = 'packets'; e = { $_.evidence.packets } }, @{ n = 'link'; e = { "$url$($_.links.file)" } }, @{ n = 'proven'; e = { $_.revocation.proven } }
if ($capture.verdict -in $FailOn) {
    throw "Capture $($capture.id) is $($capture.verdict)."
}
