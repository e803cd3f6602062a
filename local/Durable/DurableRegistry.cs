using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.DurableTask;

namespace CaptureFlow.Local.Durable;

/// <summary>The orchestrators and activities that the engine can run, by name. Names differ by more than case.</summary>
internal sealed class DurableRegistry
{
    private readonly Dictionary<string, OrchestratorBody> _orchestrators = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ActivityBody> _activities = new(StringComparer.OrdinalIgnoreCase);

    public IReadOnlyCollection<string> Orchestrators => _orchestrators.Keys;

    public IReadOnlyCollection<string> Activities => _activities.Keys;

    /// <exception cref="ArgumentException">The name is taken.</exception>
    public DurableRegistry AddOrchestrator(string name, OrchestratorBody body)
    {
        _orchestrators.Add(name, body);
        return this;
    }

    /// <exception cref="ArgumentException">The name is taken.</exception>
    public DurableRegistry AddActivity(string name, ActivityBody body)
    {
        _activities.Add(name, body);
        return this;
    }

    /// <summary>Adds an orchestrator whose input and output types are known here.</summary>
    public DurableRegistry AddOrchestrator<TInput, TOutput>(string name, Func<TaskOrchestrationContext, TInput, Task<TOutput>> body)
        => AddOrchestrator(name, async (context, _) => await body(context, context.GetInput<TInput>()!));

    /// <summary>Adds an activity whose input and output types are known here.</summary>
    public DurableRegistry AddActivity<TInput, TOutput>(
        string name, Func<TInput, CancellationToken, Task<TOutput>> body, JsonSerializerOptions? json = null)
        => AddActivity(name, async call => await body(Read<TInput>(call.Input, json), call.CancellationToken));

    public bool TryGetOrchestrator(string name, [NotNullWhen(true)] out OrchestratorBody? body)
        => _orchestrators.TryGetValue(name, out body);

    public bool TryGetActivity(string name, [NotNullWhen(true)] out ActivityBody? body) => _activities.TryGetValue(name, out body);

    private static T Read<T>(string? input, JsonSerializerOptions? json)
        => input is null ? default! : JsonSerializer.Deserialize<T>(input, json)!;
}
