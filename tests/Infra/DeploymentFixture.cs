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

    /// <summary>Stands in for main.bicep's own folder, so that nothing is ever written there.</summary>
    private readonly string _folder = Directory.CreateTempSubdirectory("captureflow-bicep-").FullName;

    public static IReadOnlyList<string> Names { get; } = [Dev, Prod, Other];

    public ImmutableDictionary<string, JsonObject> Templates { get; private set; } = ImmutableDictionary<string, JsonObject>.Empty;

    private ImmutableDictionary<string, ImmutableArray<JsonObject>> Deployments { get; set; } = ImmutableDictionary<string, ImmutableArray<JsonObject>>.Empty;

    /// <summary>The resources of one deployment.</summary>
    public IReadOnlyList<JsonObject> Resources(string name) => Deployments[name];

    public IEnumerable<JsonObject> Resources(string name, string type) => Resources(name).Where(resource => resource.Text("type") == type);

    public async ValueTask InitializeAsync()
    {
        foreach (var file in InfraFolder.Files("*"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
            File.Copy(Path.Combine(InfraFolder.Bicep, file), Path.Combine(_folder, file));
        }

        File.Copy(Path.Combine(AppContext.BaseDirectory, "other.bicepparam"), Path.Combine(_folder, "other.bicepparam"));
        foreach (var file in InfraFolder.Roots)
        {
            Templates = Templates.Add(file, await CompileAsync(file));
        }

        foreach (string name in Names)
        {
            Deployments = Deployments.Add(name, await PredictAsync(name));
        }
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task<JsonObject> CompileAsync(string file)
    {
        var (exitCode, said) = await BicepCompiler.RunAsync(_folder, "build", file, "--no-restore", "--outfile", "compiled.json");
        Assert.True(exitCode == 0 && said == "", said);
        return await ReadAsync("compiled.json");
    }

    private async Task<ImmutableArray<JsonObject>> PredictAsync(string name)
    {
        var (exitCode, said) = await BicepCompiler.RunAsync(
            _folder, "snapshot", $"{name}.bicepparam", "--mode", "overwrite", "--location", "westeurope", "--resource-group", "captures",
            "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002");
        Assert.True(exitCode == 0 && said == "", said);
        var snapshot = await ReadAsync($"{name}.snapshot.json");
        Assert.Empty(snapshot["diagnostics"]!.AsArray());
        return [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];
    }

    private async Task<JsonObject> ReadAsync(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(_folder, file));
        return (await JsonNode.ParseAsync(stream))!.AsObject();
    }
}
