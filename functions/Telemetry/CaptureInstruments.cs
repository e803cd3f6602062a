using System.Diagnostics.Metrics;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Telemetry;

/// <summary>
/// Everything that CaptureFlow counts. Recorded where things happen, in activity functions and the reaper; never in an orchestrator, whose code
/// runs many times over. Activities are at-least-once, so a count can be one too high after a crash, never too low. No tag holds a name of a
/// pod, namespace or capture: those are in the traces.
/// </summary>
public sealed class CaptureInstruments
{
    /// <summary>Name of the meter, and of the source of traces.</summary>
    public const string Name = "CaptureFlow";

    /// <summary>
    /// A sweep comes every minute. What it saw is reported this long: where another instance sweeps now, this one has nothing to say.
    /// </summary>
    internal static readonly TimeSpan SweepHolds = TimeSpan.FromMinutes(3);

    private readonly TimeProvider _time;
    private readonly Counter<long> _started;
    private readonly Counter<long> _finished;
    private readonly Histogram<double> _steps;
    private readonly Counter<long> _bytes;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _unproven;
    private readonly Counter<long> _orphans;
    private Seen? _seen;

    public CaptureInstruments(IMeterFactory meters, TimeProvider time)
    {
        _time = time;
        var meter = meters.Create(Name);
        _started = meter.CreateCounter<long>(MetricNames.CapturesStarted, "{capture}", "Captures whose plan was accepted.");
        _finished = meter.CreateCounter<long>(
            MetricNames.CapturesFinished, "{capture}", "Captures that ended, by verdict; Refused, Cancelled and Failed where there is no evidence.");
        _steps = meter.CreateHistogram<double>(MetricNames.StepDuration, "s", "One run of one step, repeats counted by themselves.");
        _bytes = meter.CreateCounter<long>(MetricNames.BytesStored, "By", "Bytes of stored captures.");
        _dropped = meter.CreateCounter<long>(MetricNames.PacketsDropped, "{packet}", "Packets that the kernel or the interface dropped inside windows.");
        _unproven = meter.CreateCounter<long>(MetricNames.RevocationsUnproven, "{capture}", "Captures whose rights could not be proven gone, also after repeats.");
        _orphans = meter.CreateCounter<long>(MetricNames.OrphansFound, "{object}", "What a sweep found past its expiry, by kind and outcome.");
        meter.CreateObservableGauge(MetricNames.LiveGrants, () => Fresh(report => report.Live.Count), "{grant}", "Grants that have not expired, at the last sweep.");
        meter.CreateObservableGauge(
            MetricNames.OldestLiveGrant, () => Fresh(report => report.OldestLiveGrantSeconds), "s", "Age of the oldest grant, at the last sweep; 0 without one.");
    }

    public void Started() => _started.Add(1);

    /// <param name="verdict">A <see cref="Verdict"/>, or <see cref="Endings"/> where there is no evidence.</param>
    public void Finished(string verdict) => _finished.Add(1, new KeyValuePair<string, object?>("verdict", verdict));

    public void StepRan(string step, string outcome, TimeSpan duration) =>
        _steps.Record(duration.TotalSeconds, new KeyValuePair<string, object?>("step", step), new KeyValuePair<string, object?>("outcome", outcome));

    public void Stored(long bytes) => _bytes.Add(bytes);

    public void Dropped(TapSummary tapped)
    {
        _dropped.Add(tapped.PacketsDroppedByKernel ?? 0, new KeyValuePair<string, object?>("by", "kernel"));
        _dropped.Add(tapped.PacketsDroppedByInterface ?? 0, new KeyValuePair<string, object?>("by", "interface"));
    }

    public void Unproven() => _unproven.Add(1);

    /// <summary>The last sweep of this instance, and how long ago it ended; null when there was none.</summary>
    internal (SweepReport Report, TimeSpan Age)? LastSweep => Volatile.Read(ref _seen) is { } seen ? (seen.Report, _time.GetElapsedTime(seen.At)) : null;

    public void Swept(SweepReport report)
    {
        Volatile.Write(ref _seen, new Seen(report, _time.GetTimestamp()));
        foreach (var finding in report.Findings)
        {
            _orphans.Add(1, new KeyValuePair<string, object?>("kind", finding.Kind), new KeyValuePair<string, object?>("outcome", finding.Outcome.ToString()));
        }
    }

    /// <summary>What the last sweep saw, and whether it could look everywhere: a blind one is no proof that there is nothing.</summary>
    private IEnumerable<Measurement<double>> Fresh(Func<SweepReport, double> value) =>
        Volatile.Read(ref _seen) is { } seen && _time.GetElapsedTime(seen.At) <= SweepHolds
            ? [new(value(seen.Report), new KeyValuePair<string, object?>("complete", seen.Report.Faults.Count == 0 ? "true" : "false"))]
            : [];

    private sealed record Seen(SweepReport Report, long At);
}
