using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.Sources;
using CaptureFlow.Functions.Alerts.Targeting;
using CaptureFlow.Orchestrations;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Alerts;

/// <summary>
/// Makes orders of alerts, at most one for each target of a call, and starts them. A target's cool-down is an instance of
/// <see cref="AlertTargetOrchestratorV2"/> under an id that derives from the target: who creates it starts the capture, on whichever host, and
/// everybody else is told that it exists. Nothing else is kept.
/// </summary>
public sealed class AlertDispatch(TimeProvider time)
{
    /// <summary>Longest list in an answer.</summary>
    private const int MostEntries = 20;

    /// <summary>Each target looked at costs two calls of the store, and the sender waits.</summary>
    private const int TargetsPerCapture = 3;

    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    internal async Task<AlertAnswer> StartAsync(AlertBinding binding, AlertMessage message, DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<AlertCapture> started = [], joined = [];
        List<IgnoredAlerts> ignored = [];
        if (message.Truncated > 0)
        {
            ignored.Add(new(IgnoredAlert.Truncated, message.Truncated));
        }

        var sorted = message.Signals.Select(signal => (Signal: signal, Found: Sort(binding, signal))).ToList();
        ignored.AddRange(sorted.Where(one => one.Found.Target is null).GroupBy(one => one.Found.Why!).Select(group => new IgnoredAlerts(group.Key, group.Count())));
        var looked = 0;
        foreach (var group in sorted.Where(one => one.Found.Target is not null).GroupBy(one => one.Found.Target!, one => one.Signal))
        {
            var (target, alerts) = (group.Key, group.Count());
            if (started.Count >= binding.Options.MaxCapturesPerCall || looked++ >= TargetsPerCapture * binding.Options.MaxCapturesPerCall)
            {
                ignored.Add(new(IgnoredAlert.OverLimit, alerts, target.ToString()));
                continue;
            }

            // The longest firing of them: the same in every repetition, whatever the order and whichever others have joined.
            var order = Order(binding, target, group.MinBy(signal => signal.DedupeKey, StringComparer.Ordinal)!);
            var (outcome, captureId) = await TryStartAsync(order, target, client, cancellationToken);
            switch (outcome)
            {
                case Outcome.Started:
                    started.Add(new(captureId, target.ToString(), alerts));
                    break;
                case Outcome.Joined:
                    joined.Add(new(captureId, target.ToString(), alerts));
                    break;
                default:
                    ignored.Add(new(IgnoredAlert.CoolDown, alerts, target.ToString(), captureId));
                    break;
            }
        }

        return new(
            started,
            [.. joined.Take(MostEntries)],
            [.. ignored.Take(MostEntries)],
            new(message.Signals.Count + message.Truncated, started.Sum(one => one.Alerts), joined.Sum(one => one.Alerts), ignored.Sum(one => one.Alerts)));
    }

    private static (AlertTarget? Target, string? Why) Sort(AlertBinding binding, AlertSignal signal) =>
        signal.Ignored is { } why ? (null, why)
        : !binding.Matches(signal.Labels) ? (null, IgnoredAlert.NotMatched)
        : AlertTargeting.Find(binding.Options.Target, signal.Labels);

    private AlertOrder Order(AlertBinding binding, AlertTarget target, AlertSignal signal)
    {
        var id = CaptureIds.FromKey($"alert\n{binding.Name}\n{target.Key}\n{signal.DedupeKey}");
        var (by, reason, now) = ($"alert:{binding.Name}", AlertReason.Of(binding.Options.Source, signal.Name), time.GetUtcNow());
        return target.Pod is { } pod
            ? new(new(id, new(target.Namespace, pod, null, target.Cluster), binding.Window, binding.Options.Filter, by, reason, now), null, binding.Options.CoolDown)
            : new(
                null,
                new(id, new(target.Namespace, target.Workload, null, null, binding.Options.Target.MaxPods, target.Cluster), binding.Window, binding.Options.Filter, by, reason, now),
                binding.Options.CoolDown);
    }

    private static async Task<(Outcome Outcome, string CaptureId)> TryStartAsync(AlertOrder order, AlertTarget target, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await client.GetInstanceAsync(order.CaptureId, cancellationToken) is not null)
        {
            return (Outcome.Joined, order.CaptureId);
        }

        var instance = AlertOrder.InstanceIdOf(target.Key);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(AlertTargetOrchestratorV2), order, new StartOrchestrationOptions(instance).WithDedupeStatuses(Unfinished), cancellationToken);
            return (Outcome.Started, order.CaptureId);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            var cooling = await client.GetInstanceAsync(instance, getInputsAndOutputs: true, cancellationToken);
            var first = cooling?.SerializedInput is null ? null : cooling.ReadInputAs<AlertOrder>();
            return first?.CaptureId == order.CaptureId ? (Outcome.Joined, order.CaptureId) : (Outcome.CoolingDown, first?.CaptureId ?? order.CaptureId);
        }
    }

    private enum Outcome
    {
        Started,
        Joined,
        CoolingDown,
    }
}
