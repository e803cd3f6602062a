using System.Diagnostics.Metrics;
using CaptureFlow.Functions.Reaping;

namespace CaptureFlow.Functions.Telemetry;

/// <summary>Captures that do not come to their end by themselves, as the last round saw them. A round comes every minute and is reported for three.</summary>
public sealed class WatchTelemetry
{
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(3);

    private readonly TimeProvider _time;
    private Seen? _seen;

    public WatchTelemetry(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(CaptureInstruments.Name);
        meter.CreateObservableGauge(
            MetricNames.OwedProofs, () => Fresh(seen => seen.Unproven), "{capture}", "Captures that ended, and whose rights the reaper has not proven gone yet.");
        meter.CreateObservableGauge(MetricNames.OldestOwedProof, () => Fresh(seen => seen.OldestSeconds), "s", "For how long the oldest of them is owed; 0 without one.");
        meter.CreateObservableGauge(MetricNames.StuckCaptures, () => Fresh(seen => seen.Stuck), "{capture}", "Captures that run past their deadline.");
    }

    internal void Watched(WatchReport report, DateTimeOffset now) => Volatile.Write(ref _seen, new Seen(
        report.Unproven.Count,
        report.Unproven.Select(open => (now - open.Tries.Since).TotalSeconds).Append(0).Max(),
        report.Stuck.Count,
        _time.GetTimestamp()));

    private IEnumerable<Measurement<double>> Fresh(Func<Seen, double> value) =>
        Volatile.Read(ref _seen) is { } seen && _time.GetElapsedTime(seen.At) <= Holds ? [new(value(seen))] : [];

    private sealed record Seen(int Unproven, double OldestSeconds, int Stuck, long At);
}
