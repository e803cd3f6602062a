using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using CaptureFlow.Functions.Telemetry;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>Keeps what the instruments of one composition are told.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly ConcurrentQueue<(string Name, double Value, string Tags)> _seen = new();
    private readonly MeterListener _listener = new();

    public MetricRecorder(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == CaptureInstruments.Name && ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Keep(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>Sum by tags.</summary>
    public IReadOnlyDictionary<string, double> Sums(string name) => _seen.Where(m => m.Name == name).GroupBy(m => m.Tags).ToDictionary(g => g.Key, g => g.Sum(m => m.Value));

    /// <summary>Number of measurements by tags.</summary>
    public IReadOnlyDictionary<string, int> Counts(string name) => _seen.Where(m => m.Name == name).GroupBy(m => m.Tags).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>What an observable instrument says now.</summary>
    public IReadOnlyDictionary<string, double> Look(string name)
    {
        _seen.Clear();
        _listener.RecordObservableInstruments();
        return Sums(name);
    }

    public void Dispose() => _listener.Dispose();

    private void Keep(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var text = string.Join(",", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"));
        _seen.Enqueue((instrument.Name, value, text));
    }
}
