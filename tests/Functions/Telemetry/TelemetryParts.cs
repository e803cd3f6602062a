using System.Diagnostics.Metrics;
using CaptureFlow.Functions.Telemetry;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>The telemetry as composed, with its listeners.</summary>
internal sealed class TelemetryParts : IDisposable
{
    private readonly ServiceProvider _services;

    public TelemetryParts()
    {
        _services = new ServiceCollection()
            .AddSingleton<TimeProvider>(Time)
            .AddCaptureTelemetry(new ConfigurationBuilder().Build())
            .BuildServiceProvider();
        Metrics = new(_services.GetRequiredService<IMeterFactory>());
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UnixEpoch.AddYears(50));

    public MetricRecorder Metrics { get; }

    public SpanRecorder Spans { get; } = new();

    public StepTelemetry Steps => _services.GetRequiredService<StepTelemetry>();

    public SweepTelemetry Sweeps => _services.GetRequiredService<SweepTelemetry>();

    public WatchTelemetry Watches => _services.GetRequiredService<WatchTelemetry>();

    public void Dispose()
    {
        Metrics.Dispose();
        Spans.Dispose();
        _services.Dispose();
    }
}
