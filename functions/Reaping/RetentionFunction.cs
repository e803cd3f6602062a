using CaptureFlow.Evidence;
using CaptureFlow.Functions.Alerts.History;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// Every hour: deletes captures whose time is over, drops what was staged and given up, and forgets orchestrations that ended long ago. On its
/// own timer, so that a store that is slow or refuses never keeps the reaper from taking back rights.
/// </summary>
public sealed partial class RetentionFunction(ICaptureRetention retention, ICustodyLog custody, IOptions<RetentionOptions> options, TimeProvider time, ILogger<RetentionFunction> logger)
{
    /// <summary>Purging goes on in the next hour; the timer's function has minutes only.</summary>
    private const int PurgeRounds = 5;

    /// <summary>So does deleting: a function may take 10 minutes (functionTimeout in host.json), of which purging may take half.</summary>
    private static readonly TimeSpan SweepCap = TimeSpan.FromMinutes(4);

    private static readonly TimeSpan PurgeCap = TimeSpan.FromMinutes(1);

    [Function("Retention")]
    public async Task RunAsync(
        [TimerTrigger("0 17 * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(timer);
        ArgumentNullException.ThrowIfNull(client);
        await SweepAsync(cancellationToken);
        await AlertHistory.ForgetAsync(client, time.GetUtcNow(), cancellationToken);
        await PurgeAsync(client, cancellationToken);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource cap = new(SweepCap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            var report = await retention.SweepAsync(options.Value.RulesAt(time.GetUtcNow()), NoteAsync, either.Token);
            Log.Swept(logger, report.Deleted.Count, report.Held.Count, report.GivenUp.Count, report.Logs);
            foreach (var id in report.GivenUp)
            {
                Log.GivenUp(logger, id);
            }
        }
        catch (StoreRefusedException refusal)
        {
            Log.NotSwept(logger, refusal.Fault.Code, refusal.Fault.Message, refusal.Fault.Detail);
        }
        catch (StepUnavailableException away)
        {
            Log.NotSwept(logger, FaultCodes.StoreUnavailable, away.Message, null);
        }
        catch (OperationCanceledException) when (cap.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.CutShort(logger, SweepCap.TotalMinutes);
        }
    }

    /// <exception cref="StepUnavailableException">The store is away: the capture stays to be found, and is noted by a later sweep.</exception>
    private async Task NoteAsync(string captureId, CancellationToken cancellationToken)
    {
        Log.Deleted(logger, captureId);
        try
        {
            await custody.EnsureAsync(captureId, [CustodyNotes.Deleted(time.GetUtcNow())], cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            // A log that may not be written, one that is held for instance, must not keep all captures behind it.
            Log.NotNoted(logger, captureId, refusal.Fault.Code, refusal.Fault.Detail);
        }
    }

    private async Task PurgeAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (options.Value.HistoryDays == 0)
        {
            return;
        }

        var filter = new PurgeInstancesFilter(
            CreatedTo: time.GetUtcNow().AddDays(-options.Value.HistoryDays),
            Statuses: [OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated]) { Timeout = PurgeCap };
        var purged = 0;
        for (var round = 0; round < PurgeRounds; round++)
        {
            var result = await client.PurgeAllInstancesAsync(filter, cancellationToken);
            purged += result.PurgedInstanceCount;
            if (result.IsComplete != false)
            {
                break;
            }
        }

        Log.Purged(logger, purged, options.Value.HistoryDays);
    }

    private static partial class Log
    {
        [LoggerMessage(3101, LogLevel.Information, "Retention: {Deleted} captures deleted, {Held} held past their time, {GivenUp} given-up stagings dropped, {Logs} logs deleted")]
        public static partial void Swept(ILogger logger, int deleted, int held, int givenUp, int logs);

        [LoggerMessage(3102, LogLevel.Information, "Retention deleted capture {CaptureId}")]
        public static partial void Deleted(ILogger logger, string captureId);

        [LoggerMessage(3103, LogLevel.Warning, "Retention dropped bytes of capture {CaptureId} that were staged and never stored")]
        public static partial void GivenUp(ILogger logger, string captureId);

        [LoggerMessage(3104, LogLevel.Warning, "Retention could not look: {Code} {Message} {Detail}")]
        public static partial void NotSwept(ILogger logger, string code, string message, string? detail);

        [LoggerMessage(3106, LogLevel.Warning, "Retention deleted capture {CaptureId}, and could not note that in its log: {Code} {Detail}")]
        public static partial void NotNoted(ILogger logger, string captureId, string code, string? detail);

        [LoggerMessage(3107, LogLevel.Information, "Retention goes on in the next hour: it ended after {Minutes} minutes")]
        public static partial void CutShort(ILogger logger, double minutes);

        [LoggerMessage(3105, LogLevel.Information, "Retention forgot {Purged} orchestrations that ended and are older than {Days} days")]
        public static partial void Purged(ILogger logger, int purged, int days);
    }
}
