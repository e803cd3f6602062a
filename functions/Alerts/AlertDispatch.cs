using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.Sources;
using CaptureFlow.Functions.Alerts.Targeting;
using CaptureFlow.Functions.Captures;
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
public sealed class AlertDispatch(OrderIds ids, TimeProvider time)
{
    /// <summary>Longest list in an answer.</summary>
    private const int MostEntries = 20;

    /// <summary>Each target looked at costs two calls of the store, and the sender waits.</summary>
    private const int TargetsPerCapture = 3;

    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    internal async Task<AlertAnswer> StartAsync(AlertBinding binding, AlertMessage message, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(binding, message, client, order => TryStartAsync(order.Order, order.Target, client, cancellationToken), cancellationToken);
        return message.Signals.Any(signal => signal.Test)
            ? answer with { Preview = await PreviewAsync(binding, AsAlerts(message), client, cancellationToken) }
            : answer;
    }

    /// <summary>What the message would come to at this moment. Starts nothing.</summary>
    internal async Task<IReadOnlyList<AlertPreview>> PreviewAsync(
        AlertBinding binding, AlertMessage message, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var answer = await RunAsync(binding, message, client, order => LookAsync(order.Order, order.Target, client, cancellationToken), cancellationToken);
        return
        [
            .. answer.Started.Select(one => new AlertPreview("start", one.Alerts, one.Target, null, one.CoolDownUntil, null)),
            .. answer.Joined.Select(one => new AlertPreview("join", one.Alerts, one.Target, one.CaptureId, null, null)),
            .. answer.Ignored.Select(AlertPreview.Of),
        ];
    }

    /// <summary>A test's alerts as if they fired.</summary>
    private static AlertMessage AsAlerts(AlertMessage message) =>
        new([.. message.Signals.Where(signal => signal.Test).Select(signal => signal with { Test = false, Ignored = null, Detail = null })]);

    private async Task<AlertAnswer> RunAsync(
        AlertBinding binding,
        AlertMessage message,
        DurableTaskClient client,
        Func<(AlertOrder Order, AlertTarget Target), Task<(Outcome Outcome, AlertOrder First)>> tryOneAsync,
        CancellationToken cancellationToken)
    {
        var sorted = SortedAlerts.Of(binding, message);
        List<AlertCapture> started = [], joined = [];
        List<IgnoredAlerts> ignored = [.. sorted.Ignored];
        var looked = 0;
        foreach (var group in sorted.Targets)
        {
            var (target, alerts) = (group.Key, group.Count());
            if (started.Count >= binding.Options.MaxCapturesPerCall || looked++ >= TargetsPerCapture * binding.Options.MaxCapturesPerCall)
            {
                ignored.Add(new(IgnoredAlert.OverLimit, alerts, target.ToString()));
                continue;
            }

            // The longest firing of them: the same in every repetition, whatever the order and whichever others have joined.
            var signal = group.MinBy(one => one.DedupeKey, StringComparer.Ordinal)!;
            var place = await PlaceAsync($"alert\n{binding.Name}\n{target.Key}\n{signal.DedupeKey}", client, cancellationToken);
            var order = Order(binding, target, signal, place.Id);
            var (outcome, first) = place.IsKnown ? (Outcome.Joined, order) : await tryOneAsync((order, target));
            switch (outcome)
            {
                case Outcome.Started:
                    started.Add(new(order.CaptureId, target.ToString(), alerts, order.CoolDownUntil));
                    break;
                case Outcome.Joined:
                    joined.Add(new(order.CaptureId, target.ToString(), alerts));
                    break;
                case Outcome.CoolingDown:
                    ignored.Add(new(IgnoredAlert.CoolDown, alerts, target.ToString(), first.CaptureId, first.CoolDownUntil));
                    break;
            }
        }

        return new(
            started,
            [.. joined.Take(MostEntries)],
            [.. ignored.Take(MostEntries)],
            new(message.Signals.Count + message.Truncated, started.Sum(one => one.Alerts), joined.Sum(one => one.Alerts), ignored.Sum(one => one.Alerts)));
    }

    /// <summary>The capture of an alert that came before, or the id of a new one.</summary>
    private async Task<OrderId> PlaceAsync(string key, DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await ids.FindAsync(key, client, cancellationToken);
        }
        catch (Exception e) when (e is StepUnavailableException or StoreRefusedException)
        {
            // No orchestration has it, and only an alert that has fired for longer than history is kept can have evidence. What happens now is
            // captured rather than lost: the store may be back when the window has ended.
            return new(CaptureIds.FromKey(key), null, null);
        }
    }

    private AlertOrder Order(AlertBinding binding, AlertTarget target, AlertSignal signal, string id)
    {
        var (by, reason, now) = (AlertOrder.RequesterOf(binding.Name), AlertReason.Of(binding.Options.Source, signal.Name), time.GetUtcNow());
        return target.Pod is { } pod
            ? new(new(id, new(target.Namespace, pod, null, target.Cluster), binding.Window, binding.Options.Filter, by, reason, now), null, binding.Options.CoolDown)
            : new(
                null,
                new(id, new(target.Namespace, target.Workload, null, null, binding.Options.Target.MaxPods, target.Cluster), binding.Window, binding.Options.Filter, by, reason, now),
                binding.Options.CoolDown);
    }

    private static async Task<(Outcome Outcome, AlertOrder First)> TryStartAsync(
        AlertOrder order, AlertTarget target, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instance = AlertOrder.InstanceIdOf(target.Key);
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(AlertTargetOrchestratorV2), order, new StartOrchestrationOptions(instance).WithDedupeStatuses(Unfinished), cancellationToken);
            return (Outcome.Started, order);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return Beside(order, await client.GetInstanceAsync(instance, getInputsAndOutputs: true, cancellationToken));
        }
    }

    private static async Task<(Outcome Outcome, AlertOrder First)> LookAsync(
        AlertOrder order, AlertTarget target, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var cooling = await client.GetInstanceAsync(AlertOrder.InstanceIdOf(target.Key), getInputsAndOutputs: true, cancellationToken);
        return cooling is not null && Unfinished.Contains(cooling.RuntimeStatus) ? Beside(order, cooling) : (Outcome.Started, order);
    }

    private static (Outcome Outcome, AlertOrder First) Beside(AlertOrder order, OrchestrationMetadata? cooling)
    {
        var first = cooling?.SerializedInput is null ? null : cooling.ReadInputAs<AlertOrder>();
        return first?.CaptureId == order.CaptureId ? (Outcome.Joined, order) : (Outcome.CoolingDown, first ?? order);
    }

    private enum Outcome
    {
        Started,
        Joined,
        CoolingDown,
    }
}
