using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Admission;

/// <summary>
/// What a ledger that was lost knew, as far as the captures themselves tell it: who holds a place, who waits and since when, and what today's captures took.
/// An empty one would let in as many again as are running.
/// </summary>
public sealed class LedgerRebuild(GateTermsOfPlans gate, TimeProvider time)
{
    /// <summary>Longer than a capture waits and runs.</summary>
    private static readonly TimeSpan Reach = CaptureDeadlines.Longest;

    /// <summary>How long a place is held for one that runs, beyond its window: a revoke that goes well is over by then, and a release comes earlier.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromHours(1);

    private const int PageSize = 100;

    internal async Task<AdmissionState> FromRunsAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        RebuiltLedger ledger = new(now);
        List<(FleetOrder Order, FleetProgress Progress, bool Ended)> fleets = [];
        Dictionary<string, Dictionary<string, int>> nodes = [];
        Dictionary<string, (long Bytes, double Seconds)> took = [];
        OrchestrationQuery query = new() { InstanceIdPrefix = CaptureIds.Prefix, CreatedFrom = now - Reach, PageSize = PageSize, FetchInputsAndOutputs = true };
        await foreach (var instance in client.GetAllInstancesAsync(query).WithCancellation(cancellationToken))
        {
            if (!CaptureIds.IsValid(instance.InstanceId) || instance.SerializedInput is null)
            {
                continue;
            }

            if (instance is { Name: nameof(FleetOrchestrator), SerializedCustomStatus: not null })
            {
                fleets.Add((instance.ReadInputAs<FleetOrder>()!, instance.ReadCustomStatusAs<FleetProgress>()!, instance.IsCompleted));
            }
            else if (instance.Name == nameof(CaptureOrchestrator))
            {
                Take(instance, ledger, nodes, took);
            }
        }

        foreach (var (order, progress, ended) in fleets)
        {
            if (gate.Add(order, StepResult.Of(new FleetPlan(progress.Members, []) { Nodes = nodes.GetValueOrDefault(order.CaptureId) })).Value?.Admission is not { } terms)
            {
                continue;
            }

            // What it last said of itself is not what it ended with: one that was terminated still says that it captures.
            if (ended)
            {
                // What it took is what its members took; one that never was let in has none.
                var (bytes, seconds) = took.GetValueOrDefault(order.CaptureId);
                ledger.Book(terms.Claims, order.RequestedAt, bytes, seconds);
            }
            else if (progress.State is not (CaptureState.Planning or CaptureState.AwaitingApproval or CaptureState.Queued))
            {
                // One that waits asks again, at its old place: on which nodes its pods are is known once they are captured.
                ledger.Hold(order.CaptureId, terms.Claims, order.RequestedAt, order.Window.Duration + Slack);
            }
        }

        return ledger.State;
    }

    private void Take(
        OrchestrationMetadata instance, RebuiltLedger ledger, Dictionary<string, Dictionary<string, int>> nodes, Dictionary<string, (long Bytes, double Seconds)> took)
    {
        if (instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed, SerializedOutput: not null })
        {
            var report = instance.ReadOutputAs<CaptureReport>()!;
            ledger.Book(report);
            if (instance.ReadInputAs<CaptureOrder>()!.Fleet is { } of)
            {
                var (bytes, seconds) = RebuiltLedger.Took(report);
                var sum = took.GetValueOrDefault(of.FleetId);
                took[of.FleetId] = (sum.Bytes + bytes, sum.Seconds + seconds);
            }

            return;
        }

        if (instance.IsCompleted || instance.SerializedCustomStatus is null || instance.ReadCustomStatusAs<CaptureProgress>() is not { Plan: { } known } progress)
        {
            return;
        }

        var order = instance.ReadInputAs<CaptureOrder>()!;
        if (order.Fleet is { } fleet)
        {
            var counts = nodes.TryGetValue(fleet.FleetId, out var found) ? found : nodes[fleet.FleetId] = [];
            counts[known.Node] = counts.GetValueOrDefault(known.Node) + 1;
            return;
        }

        var lifetime = order.LongestWindow + Slack;
        if (gate.Add(known.For(order) with { ByteBound = order.Window.ByteBound, GrantLifetime = lifetime }).Admission is not { } terms)
        {
            return;
        }

        switch (progress.State)
        {
            case CaptureState.Queued when progress.Queue is { } queue:
                ledger.Wait(new(order.CaptureId, terms.Claims, terms.Queue, queue.Since, queue.Until, lifetime));
                break;
            case CaptureState.Granting or CaptureState.Attaching or CaptureState.Capturing or CaptureState.Finishing or CaptureState.Retrieving
                or CaptureState.Storing or CaptureState.Cancelling or CaptureState.Revoking:
                ledger.Hold(order.CaptureId, terms.Claims, progress.Timeline.LastOrDefault(step => step.Step == CaptureSteps.AwaitAdmission)?.EndedAt ?? order.RequestedAt, lifetime);
                break;
            case CaptureState.Queued or CaptureState.Planning or CaptureState.AwaitingApproval:
                // Without a place of its own, it asks for one itself.
                break;
            case CaptureState.Completed or CaptureState.Refused or CaptureState.Denied or CaptureState.Expired or CaptureState.Cancelled or CaptureState.Failed
                or CaptureState.RevokeUnproven or CaptureState.NotDiscarded:
                break;
        }
    }
}
