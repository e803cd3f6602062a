using Azure.Core;
using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Resources;

namespace CaptureFlow.Functions.Telemetry;

/// <summary>
/// Where telemetry goes: to Application Insights where its connection string is set, to an OpenTelemetry collector where
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is; to both, or nowhere, which costs nothing.
/// </summary>
public static class TelemetryExport
{
    private const string OtlpEndpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string ConnectionString = "APPLICATIONINSIGHTS_CONNECTION_STRING";

    /// <summary>The Functions host reads the same setting, in the same form: <c>ClientId=…;Authorization=AAD</c>.</summary>
    private const string Authentication = "APPLICATIONINSIGHTS_AUTHENTICATION_STRING";

    public static bool IsConfigured(IConfiguration configuration) =>
        !string.IsNullOrEmpty(configuration[OtlpEndpoint]) || !string.IsNullOrEmpty(configuration[ConnectionString]);

    internal static IServiceCollection AddCaptureTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddMetrics();
        services.AddSingleton<CaptureInstruments>().AddSingleton<StepTelemetry>().AddSingleton<SweepTelemetry>().AddSingleton<WatchTelemetry>();
        if (!IsConfigured(configuration))
        {
            return services;
        }

        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => Name(resource, configuration))
            .WithMetrics(metrics => metrics.AddMeter(CaptureInstruments.Name))
            .WithTracing(traces => traces.AddSource(CaptureInstruments.Name))
            .WithLogging(null, logs => logs.IncludeScopes = logs.IncludeFormattedMessage = true);
        if (!string.IsNullOrEmpty(configuration[OtlpEndpoint]))
        {
            telemetry.UseOtlpExporter();
        }

        if (configuration[ConnectionString] is { Length: > 0 } connection)
        {
            telemetry.UseAzureMonitorExporter(monitor =>
            {
                monitor.ConnectionString = connection;
                monitor.Credential = Credential(configuration[Authentication]);
                // A standing connection of its own, for a page that nobody has open.
                monitor.EnableLiveMetrics = false;
            });
        }

        return services;
    }

    /// <summary>The identity that writes; null where the component takes its instrumentation key.</summary>
    internal static TokenCredential? Credential(string? authentication)
    {
        var parts = (authentication ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        if (!string.Equals(parts.GetValueOrDefault("Authorization"), "AAD", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        return new ManagedIdentityCredential(
            parts.GetValueOrDefault("ClientId") is { Length: > 0 } client ? ManagedIdentityId.FromUserAssignedClientId(client) : ManagedIdentityId.SystemAssigned);
    }

    /// <summary>The standard settings name the service where they are set.</summary>
    private static void Name(ResourceBuilder resource, IConfiguration configuration)
    {
        if (string.IsNullOrEmpty(configuration["OTEL_SERVICE_NAME"]) && configuration["OTEL_RESOURCE_ATTRIBUTES"]?.Contains("service.name=", StringComparison.Ordinal) != true)
        {
            resource.AddService("captureflow", autoGenerateServiceInstanceId: false);
        }
    }
}
