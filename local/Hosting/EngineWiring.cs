using System.Text.Json;
using CaptureFlow.Local.Durable;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Hosting;

/// <summary>Puts the functions of the catalog on the embedded durable engine.</summary>
internal static class EngineWiring
{
    private const string FileName = "durable.db";

    public static IServiceCollection AddDurableEngine(this IServiceCollection services, FunctionCatalog catalog, HostSettings settings, LocalHostOptions host, string stateFolder)
    {
        DurableEngineOptions options = new()
        {
            DatabasePath = Path.Combine(stateFolder, FileName),
            MaxConcurrentActivities = settings.MaxConcurrentActivities,
            MaxConcurrentOrchestrations = settings.MaxConcurrentOrchestrators,
        };
        options = host.Engine?.Invoke(options) ?? options;
        services.AddSingleton(provider => new DurableEngine(
            options,
            Register(catalog, options.Json, provider),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>()));
        services.AddSingleton(provider => provider.GetRequiredService<DurableEngine>().Client);
        return services.AddHostedService(provider => provider.GetRequiredService<DurableEngine>());
    }

    private static DurableRegistry Register(FunctionCatalog catalog, JsonSerializerOptions json, IServiceProvider services)
    {
        DurableRegistry registry = new();
        foreach (var orchestrator in catalog.Orchestrators)
        {
            registry.AddOrchestrator(orchestrator.Function.Name, (context, input) => FunctionInvoker.InvokeAsync(
                new(orchestrator.Function, services, context, CancellationToken.None) { Input = Read(input, orchestrator.InputType, json) }));
        }

        var scopes = services.GetRequiredService<IServiceScopeFactory>();
        foreach (var activity in catalog.Activities)
        {
            registry.AddActivity(activity.Function.Name, async call =>
            {
                await using var scope = scopes.CreateAsyncScope();
                return await FunctionInvoker.InvokeAsync(
                    new(activity.Function, scope.ServiceProvider, Read(call.Input, activity.InputType, json), call.CancellationToken));
            });
        }

        return registry;
    }

    private static object? Read(string? input, Type type, JsonSerializerOptions json) => input is null ? null : JsonSerializer.Deserialize(input, type, json);
}
