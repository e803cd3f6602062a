using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>A copy of the files under test, so that nothing is ever written beside them.</summary>
internal sealed class BicepWorkspace : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("captureflow-bicep-").FullName;

    /// <summary>As deep in it as the original, which reads the host files.</summary>
    private readonly string _folder;

    public BicepWorkspace()
    {
        _folder = Path.Combine(_root, "infra", "bicep");
        foreach (var host in InfraFolder.HostFiles)
        {
            File.Copy(Path.Combine(InfraFolder.Root, host), Path.Combine(_root, host));
        }

        foreach (var file in InfraFolder.Files("*"))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(_folder, file))!);
            File.Copy(Path.Combine(InfraFolder.Bicep, file), Path.Combine(_folder, file));
        }
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Adds a file of the tests, beside main.bicep.</summary>
    public void Add(string file) => File.Copy(Path.Combine(AppContext.BaseDirectory, file), Path.Combine(_folder, file));

    public Task WriteAsync(string file, string text) => File.WriteAllTextAsync(Path.Combine(_folder, file), text, TestContext.Current.CancellationToken);

    /// <summary>The template of a file.</summary>
    public async Task<JsonObject> CompileAsync(string file)
    {
        var (exitCode, said) = await BicepCompiler.RunAsync(_folder, "build", file, "--no-restore", "--outfile", "compiled.json");
        Assert.True(exitCode == 0 && said == "", said);
        return await ReadAsync("compiled.json");
    }

    /// <summary>What Azure would be asked for by a parameter file, with every condition, loop and name worked out.</summary>
    public async Task<ImmutableArray<JsonObject>> PredictAsync(string name)
    {
        var (exitCode, said) = await TryPredictAsync(name);
        Assert.True(exitCode == 0 && said == "", said);
        var snapshot = await ReadAsync($"{name}.snapshot.json");
        Assert.Empty(snapshot["diagnostics"]!.AsArray());
        return [.. snapshot["predictedResources"]!.AsArray().Select(resource => resource!.AsObject())];
    }

    /// <returns>Exit code, and all that the compiler said: a deployment that refuses its parameters says why.</returns>
    public Task<(int ExitCode, string Said)> TryPredictAsync(string name) => BicepCompiler.RunAsync(
        _folder, "snapshot", $"{name}.bicepparam", "--mode", "overwrite", "--location", "westeurope", "--resource-group", "captures",
        "--subscription-id", "00000000-0000-0000-0000-000000000001", "--tenant-id", "00000000-0000-0000-0000-000000000002");

    private async Task<JsonObject> ReadAsync(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(_folder, file));
        return (await JsonNode.ParseAsync(stream))!.AsObject();
    }
}
