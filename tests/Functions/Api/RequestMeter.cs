using System.Diagnostics.Metrics;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>Counts the requests that one host is busy with, from ASP.NET Core's own metric.</summary>
internal sealed class RequestMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private long _inFlight;

    public RequestMeter(IMeterFactory host)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == "http.server.active_requests" && instrument.Meter.Scope == host)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, change, _, _) => Interlocked.Add(ref _inFlight, change));
        _listener.Start();
    }

    public long InFlight => Interlocked.Read(ref _inFlight);

    public void Dispose() => _listener.Dispose();
}
