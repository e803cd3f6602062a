using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>Clients that other people's generators make from openapi.yaml compile, order in every way that there is, and follow their captures to the end.</summary>
public sealed partial class GeneratedClientTests(ApiHost host) : IClassFixture<ApiHost>, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-clients-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Document_HasNoUnion()
    {
        var unions = UnionKeyword().Matches(host.Document.Json.ToJsonString()).Select(match => match.Value);

        Assert.Empty(unions);
    }

    [Theory]
    [InlineData("nswag")]
    [InlineData("kiota")]
    public async Task CSharp_EveryKindOfOrder_IsFollowedToItsEnd(string generator)
    {
        var program = typeof(GeneratedClientTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Clients").Value!;

        await OrdersAsync("dotnet", program, generator, host.Url.ToString());
    }

    [Fact]
    public async Task TypeScript_EveryKindOfOrder_IsFollowedToItsEnd()
    {
        var clients = Repository.Path("tests", "Clients");
        var modules = Path.Combine(clients, "node_modules");
        Needs.Packages("nodejs");
        Needs.InstalledBy("npm", Path.Combine(modules, ".package-lock.json"), "openapi-ts: npm ci in tests/Clients");
        foreach (var file in new[] { Path.Combine(clients, "orders.ts"), Path.Combine(clients, "tsconfig.json"), ApiDocument.File })
        {
            File.Copy(file, Path.Combine(_folder.FullName, Path.GetFileName(file)));
        }

        await SucceedsAsync("node", Path.Combine(modules, ".bin", "openapi-ts"), "-i", "openapi.yaml", "-o", "client");
        await SucceedsAsync("node", Path.Combine(modules, ".bin", "tsc"), "-p", ".");

        await OrdersAsync("node", Path.Combine(_folder.FullName, "out", "orders.js"), host.Url.ToString());
    }

    /// <summary>What the page prints is what the tests' clients were generated with.</summary>
    [Fact]
    public async Task Commands_OfTheDocs_AreTheOnesThatWereTried()
    {
        var page = await File.ReadAllTextAsync(Repository.Path("docs", "clients.md"));
        var project = await File.ReadAllTextAsync(Repository.Path("tests", "Clients", "CaptureFlow.Clients.csproj"));
        var package = await File.ReadAllTextAsync(Repository.Path("tests", "Clients", "package.json"));

        Assert.Equal(Words(Command(project, "NSwagCommand")), Words(Printed(page, "dotnet nswag")));
        Assert.Equal(Words(Command(project, "KiotaCommand")), Words(Printed(page, "dotnet kiota")));
        Assert.Contains($"openapi-ts {Printed(page, "npx openapi-ts")}\"", package, StringComparison.Ordinal);
        Assert.All(
            Regex.Matches(project, "<(NSwag|Kiota)Version>(.+?)<").Concat(Regex.Matches(package, "\"(@hey-api/openapi-ts)\": \"(.+?)\"")),
            version => Assert.Contains(version.Groups[2].Value, page, StringComparison.Ordinal));
    }

    private async Task OrdersAsync(string program, params string[] arguments)
    {
        var output = await SucceedsAsync(program, arguments);

        Assert.Equal(
            ["fleet: completed 2 members", "node of a pod: completed lossy", "node: completed lossy", "pod: completed lossy", "selector: completed 2 members", "workload: completed 2 members"],
            output.ToLowerInvariant().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
    }

    private async Task<string> SucceedsAsync(string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = _folder.FullName, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["NO_PROXY"] = "127.0.0.1";
        using var process = Process.Start(start)!;
        using var deadline = new CancellationTokenSource(Patience);
        var texts = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(deadline.Token), process.StandardError.ReadToEndAsync(deadline.Token));
        await process.WaitForExitAsync(deadline.Token);
        Assert.True(process.ExitCode == 0, string.Concat(texts));
        return texts[0];
    }

    /// <summary>A property of the project, of which the second one adds to the first.</summary>
    private static string Command(string project, string name) =>
        string.Concat(Regex.Matches(project, $"<{name}>(.*?)</{name}>").Select(part => part.Groups[1].Value.Replace($"$({name})", "", StringComparison.Ordinal)));

    private static string Printed(string page, string program) =>
        Regex.Match(page.Replace("\\\n", " ", StringComparison.Ordinal), $"^ *{program} (.+)$", RegexOptions.Multiline).Groups[1].Value;

    private static string[] Words(string command) => command.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    [GeneratedRegex("\"(oneOf|anyOf|not)\":")]
    private static partial Regex UnionKeyword();
}
