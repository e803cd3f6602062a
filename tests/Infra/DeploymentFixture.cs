using System.Collections.Immutable;
using System.Text.Json.Nodes;
using CaptureFlow.Infra.Tests;

[assembly: AssemblyFixture(typeof(DeploymentFixture))]

namespace CaptureFlow.Infra.Tests;

/// <summary>
/// What the files come to, made once: the templates as compiled, and for each parameter file what Azure would be asked for, with every
/// condition, loop and name worked out.
/// </summary>
public sealed class DeploymentFixture : IAsyncLifetime
{
    public const string Dev = "dev";
    public const string Prod = "prod";

    /// <summary>Every option that dev and prod leave alone.</summary>
    public const string Other = "other";

    private readonly BicepWorkspace _workspace = new();

    public static IReadOnlyList<string> Names { get; } = [Dev, Prod, Other];

    public ImmutableDictionary<string, JsonObject> Templates { get; private set; } = ImmutableDictionary<string, JsonObject>.Empty;

    private ImmutableDictionary<string, ImmutableArray<JsonObject>> Deployments { get; set; } = ImmutableDictionary<string, ImmutableArray<JsonObject>>.Empty;

    /// <summary>The resources of one deployment.</summary>
    public IReadOnlyList<JsonObject> Resources(string name) => Deployments[name];

    public IEnumerable<JsonObject> Resources(string name, string type) => Resources(name).Where(resource => resource.Text("type") == type);

    /// <summary>The settings of the app in one deployment.</summary>
    public IReadOnlyDictionary<string, string> AppSettings(string name) => Resources(name).AppSettings();

    public async ValueTask InitializeAsync()
    {
        _workspace.Add("other.bicepparam");
        foreach (var file in InfraFolder.Roots)
        {
            Templates = Templates.Add(file, await _workspace.CompileAsync(file));
        }

        foreach (string name in Names)
        {
            Deployments = Deployments.Add(name, await _workspace.PredictAsync(name));
        }
    }

    public ValueTask DisposeAsync()
    {
        _workspace.Dispose();
        return ValueTask.CompletedTask;
    }
}
