using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

namespace CaptureFlow.Functions.Tests.Telemetry;

public sealed class TelemetryExportTests
{
    [Fact]
    public void Add_NothingConfigured_NoExporterIsLoaded()
    {
        var configuration = Configuration();

        using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddCaptureTelemetry(configuration).BuildServiceProvider();

        Assert.False(TelemetryExport.IsConfigured(configuration));
        Assert.Null(services.GetService<MeterProvider>());
        Assert.Null(services.GetService<TracerProvider>());
        Assert.NotNull(services.GetRequiredService<StepTelemetry>());
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("ClientId=00000000-0000-0000-0000-000000000001", false)]
    [InlineData("Authorization=AAD", true)]
    [InlineData("ClientId=00000000-0000-0000-0000-000000000001;Authorization=AAD", true)]
    [InlineData(" authorization=aad ; clientid=00000000-0000-0000-0000-000000000001;", true)]
    public void Credential_OfTheHostsSetting_IsAManagedIdentityWhenItSaysSo(string? authentication, bool expected)
    {
        var credential = TelemetryExport.Credential(authentication);

        Assert.Equal(expected, credential is not null);
    }

    [Fact]
    public async Task Collector_Configured_GetsMetricsTracesAndLog()
    {
        await using var collector = await FakeCollector.StartAsync();
        var captureId = CaptureIds.New();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url), new("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")]);
        builder.Services.AddSingleton(TimeProvider.System).AddCaptureTelemetry(builder.Configuration);
        using (var host = builder.Build())
        {
            await host.StartAsync();
            await host.Services.GetRequiredService<StepTelemetry>().RunAsync(
                CaptureSteps.DiscardCapture, captureId, () => Task.FromResult(StepResult.Of(new Discarded(captureId))));
            host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("tests").Log(LogLevel.Warning, default, "a line of the log", null, (line, _) => line);
            // The providers flush what they hold when they end.
            await host.StopAsync();
        }

        Assert.Contains(MetricNames.StepDuration, collector.Got("/v1/metrics"), StringComparison.Ordinal);
        Assert.Contains(captureId, collector.Got("/v1/traces"), StringComparison.Ordinal);
        Assert.Contains("a line of the log", collector.Got("/v1/logs"), StringComparison.Ordinal);
    }

    private static IConfiguration Configuration(params KeyValuePair<string, string?>[] settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
