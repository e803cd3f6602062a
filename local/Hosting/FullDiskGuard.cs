using System.Collections.Concurrent;
using CaptureFlow.Functions.Health;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Hosting;

/// <summary>
/// Watches whether the state folder still takes something. Where it does not, no step can be noted, so no orchestration goes on: the rights of captures under
/// way are then taken back from here, which needs no disk. Their orchestrations find them gone once there is room again, and write down the proof.
/// </summary>
internal sealed partial class FullDiskGuard(
    IStateRoom room, DurableTaskClient client, ICaptureSite site, TimeProvider time, ILogger<FullDiskGuard> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RevokedWithin = TimeSpan.FromMinutes(2);
    private static readonly OrchestrationQuery Running = new()
    {
        InstanceIdPrefix = CaptureIds.Prefix,
        Statuses = [OrchestrationRuntimeStatus.Running],
        FetchInputsAndOutputs = true,
    };

    private readonly ConcurrentDictionary<string, bool> _revoked = [];

    /// <summary>One look; takes back what there is where the folder is full.</summary>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        if (await room.HasRoomAsync(cancellationToken))
        {
            _revoked.Clear();
            return;
        }

        Log.Full(logger, room.Folder);
        List<CapturePlan> plans = [];
        await foreach (var instance in client.GetAllInstancesAsync(Running).WithCancellation(cancellationToken))
        {
            if (CaptureIds.IsValid(instance.InstanceId) && !_revoked.ContainsKey(instance.InstanceId) && instance is { Name: nameof(CaptureOrchestrator), SerializedCustomStatus: not null }
                && instance.ReadCustomStatusAs<CaptureProgress>() is { State: >= CaptureState.Granting and < CaptureState.Completed, Plan: { } known })
            {
                plans.Add(known.For(instance.ReadInputAs<CaptureOrder>()!));
            }
        }

        await Task.WhenAll(plans.Select(plan => RevokeAsync(plan, cancellationToken)));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryLookAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }

    private async Task TryLookAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LookAsync(cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A boundary: a look that failed must not end the watch.
            Log.NotLooked(logger, room.Folder, e);
        }
    }

    private async Task RevokeAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        using CancellationTokenSource cap = new(RevokedWithin, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            var proof = await site.EnsureRevokedAsync(plan, either.Token);
            Log.Revoked(logger, plan.Order.CaptureId, room.Folder, proof.Proven);
            if (proof.Proven)
            {
                _revoked[plan.Order.CaptureId] = true;
            }
        }
        catch (Exception e) when (e is StepUnavailableException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The next look tries again.
            Log.NotRevoked(logger, plan.Order.CaptureId, e.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(5101, LogLevel.Error, "There is no room left in the state folder {Folder}: no step can be noted, and the rights of captures under way are taken back")]
        public static partial void Full(ILogger logger, string folder);

        [LoggerMessage(5102, LogLevel.Warning, "Capture {CaptureId}: its rights were taken back because {Folder} is full; proven gone: {Proven}")]
        public static partial void Revoked(ILogger logger, string captureId, string folder, bool proven);

        [LoggerMessage(5103, LogLevel.Error, "Capture {CaptureId}: its rights could not be taken back while the disk is full, and are tried again: {Message}")]
        public static partial void NotRevoked(ILogger logger, string captureId, string message);

        [LoggerMessage(5104, LogLevel.Error, "Could not look whether {Folder} has room; the next look comes in a moment")]
        public static partial void NotLooked(ILogger logger, string folder, Exception exception);
    }
}
