using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using DurableTask.Core.Exceptions;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Steps;

/// <summary>
/// Hands a capture's request to the ledger, which it starts where there is none. Run twice, the ledger hears the same request twice, and it has
/// one place.
/// </summary>
public sealed class AskAdmissionFunction(LedgerRebuild rebuild, StepTelemetry telemetry)
{
    // One that ended, however it ended, is replaced by one that knows who runs and who waits; what it could not know, its captures ask again.
    private static readonly StartOrchestrationOptions Once = new StartOrchestrationOptions(AdmissionLedger.InstanceId)
        .WithDedupeStatuses(OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended);

    [Function(CaptureSteps.AskAdmission)]
    public Task<StepResult<AdmissionAsked>> RunAsync(
        [ActivityTrigger] AdmissionMessage message, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        ArgumentNullException.ThrowIfNull(client);
        var captureId = message.Request?.CaptureId ?? message.Release?.CaptureId ?? "";
        return telemetry.RunAsync(CaptureSteps.AskAdmission, captureId, async () =>
        {
            await EnsureLedgerAsync(client, cancellationToken);
            await client.RaiseEventAsync(AdmissionLedger.InstanceId, AdmissionLedger.Message, message, cancellationToken);
            return StepResult.Of(new AdmissionAsked(captureId));
        });
    }

    private async Task EnsureLedgerAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(AdmissionLedger.InstanceId, cancellationToken) is { IsCompleted: false })
        {
            return;
        }

        try
        {
            var known = await rebuild.FromRunsAsync(client, cancellationToken);
            await client.ScheduleNewOrchestrationInstanceAsync(nameof(AdmissionOrchestrator), known, Once, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            // Another capture was first.
        }
    }
}
