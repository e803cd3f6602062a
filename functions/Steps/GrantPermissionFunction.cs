using CaptureFlow.Evidence;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Steps;

/// <summary>
/// Makes the capture's own permission, and waits until it is effective. Its names derive from the capture id. A run of this step that comes too late, because
/// its host stood still and another has taken its place, takes back at once what it made.
/// </summary>
public sealed partial class GrantPermissionFunction(
    ICaptureSite site, CustodyKeeper custody, StepTelemetry telemetry, ILogger<GrantPermissionFunction> logger)
{
    [Function(CaptureSteps.GrantPermission)]
    public Task<StepResult<Grant>> RunAsync([ActivityTrigger] CapturePlan plan, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.GrantPermission, plan.Order.CaptureId, () => GrantAsync(plan, client, cancellationToken));

    private async Task<StepResult<Grant>> GrantAsync(CapturePlan plan, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var id = plan.Order.CaptureId;
        var result = await site.EnsureGrantAsync(plan, cancellationToken);
        if (result.Value is { } grant)
        {
            await custody.NoteAsync(id, cancellationToken, [.. CustodyNotes.Ordered(plan), CustodyNotes.Granted(grant)]);
        }

        // Asked after the grant was made: a capture that has not begun to revoke by now will find it when it does.
        if (await IsWantedAsync(id, client, cancellationToken))
        {
            return result;
        }

        var proof = await site.EnsureRevokedAsync(plan, cancellationToken);
        await custody.NoteRevokedAsync(plan, proof, cancellationToken);
        Log.TakenBack(logger, id, proof.Proven);
        return StepResult.Fault<Grant>(new CaptureFault(
            FaultCodes.CaptureEnded, $"Capture {id} had already begun to give its rights back.", "Nothing: what was granted was taken back."));
    }

    private static async Task<bool> IsWantedAsync(string captureId, DurableTaskClient client, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(captureId, getInputsAndOutputs: true, cancellationToken) is { IsCompleted: false } instance
        && StuckInstances.Status<CaptureProgress>(instance)?.Timeline.Any(step => step.Step == CaptureSteps.RevokePermission) != true;

    private static partial class Log
    {
        [LoggerMessage(3401, LogLevel.Warning, "A late run of the grant step of capture {CaptureId} has taken back what it made; proven: {Proven}")]
        public static partial void TakenBack(ILogger logger, string captureId, bool proven);
    }
}
