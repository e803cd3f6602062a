using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.Sources;
using CaptureFlow.Functions.Alerts.Targeting;

namespace CaptureFlow.Functions.Alerts;

/// <summary>
/// A message's alerts as a binding sees them, before anybody is asked: those with a target, by target, and the others by the reason.
/// </summary>
internal sealed class SortedAlerts
{
    private SortedAlerts(IReadOnlyList<IgnoredAlerts> ignored, IReadOnlyList<IGrouping<AlertTarget, AlertSignal>> targets) =>
        (Ignored, Targets) = (ignored, targets);

    public IReadOnlyList<IgnoredAlerts> Ignored { get; }

    public IReadOnlyList<IGrouping<AlertTarget, AlertSignal>> Targets { get; }

    public static SortedAlerts Of(AlertBinding binding, AlertMessage message)
    {
        var sorted = message.Signals.Select(signal => (Signal: signal, Found: Sort(binding, signal))).ToList();
        var ignored = sorted.Where(one => one.Found.Target is null)
            .GroupBy(one => one.Found.Why!)
            .Select(group => new IgnoredAlerts(group.Key, group.Count(), Detail: group.First().Found.Detail));
        return new(
            [.. message.Truncated > 0 ? [new IgnoredAlerts(IgnoredAlert.Truncated, message.Truncated)] : Array.Empty<IgnoredAlerts>(), .. ignored],
            [.. sorted.Where(one => one.Found.Target is not null).GroupBy(one => one.Found.Target!, one => one.Signal)]);
    }

    private static (AlertTarget? Target, string? Why, string? Detail) Sort(AlertBinding binding, AlertSignal signal)
    {
        if (signal.Ignored is { } why)
        {
            return (null, why, signal.Detail);
        }

        if (binding.Mismatch(signal.Labels) is { } mismatch)
        {
            return (null, IgnoredAlert.NotMatched, mismatch);
        }

        var found = AlertTargeting.Find(binding.Options.Target, signal.Labels);
        return found.Target is not null && signal.Test ? (null, IgnoredAlert.NotFiring, signal.AsTest().Detail) : found;
    }
}
