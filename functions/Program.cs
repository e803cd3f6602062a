using CaptureFlow.Functions;
using CaptureFlow.Functions.Settings;
using CaptureFlow.Functions.Telemetry;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.Configuration.UseEnvironmentNames();
builder.ConfigureFunctionsWebApplication();
builder.Services.AddCaptureFlow(builder.Configuration);
if (TelemetryExport.IsConfigured(builder.Configuration))
{
    // Tells the Functions host to leave the worker's telemetry to the worker. Said without an exporter, the logs would go nowhere.
    builder.Services.AddOpenTelemetry().UseFunctionsWorkerDefaults();
}

builder.Build().Run();
