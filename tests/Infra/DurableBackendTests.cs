using System.Diagnostics;
using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>
/// What the scale controller knows of the orchestrations: the host sends it type, connection and hub from the published host.json, in these very names, and
/// nothing that a setting overrides.
/// </summary>
public sealed class DurableBackendTests(DeploymentFixture fixture)
{
    private const string Overrides = "AzureFunctionsJobHost__";

    public static TheoryData<string> Names => [.. DeploymentFixture.Names];

    [Theory]
    [InlineData("host.json", "AzureStorage")]
    [InlineData("host.scheduler.json", "azureManaged")]
    public void HostFile_TypeConnectionAndHub_AreLiteralAndComplete(string file, string type)
    {
        var durable = Durable(file);

        Assert.Equal(type, durable.Text("storageProvider/type"));
        Assert.Matches("^[A-Za-z][A-Za-z0-9_]+$", durable.Text("storageProvider/connectionStringName"));
        Assert.Matches("^[A-Za-z][A-Za-z0-9]{2,44}$", durable.Text("hubName"));
    }

    [Fact]
    public void HostFiles_DifferInTheBackendAlone()
    {
        var (storage, scheduler) = (Read("host.json"), Read("host.scheduler.json"));

        Assert.All((JsonObject[])[storage, scheduler], host => Assert.True(host.At("extensions/durableTask")!.AsObject().Remove("storageProvider")));

        Assert.True(JsonNode.DeepEquals(storage, scheduler), $"{storage}{scheduler}");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_OverrideNothingOfTheHostFile(string name) =>
        Assert.DoesNotContain(fixture.AppSettings(name).Keys, setting => setting.StartsWith(Overrides, StringComparison.OrdinalIgnoreCase));

    [Theory]
    [MemberData(nameof(Names))]
    public void Settings_HaveTheConnectionThatTheHostFileNames(string name)
    {
        var connection = Durable(HostFileOf(name)).Text("storageProvider/connectionStringName")!;

        var settings = fixture.AppSettings(name).Where(setting => setting.Key == connection || setting.Key.StartsWith($"{connection}__", StringComparison.Ordinal)).ToList();

        Assert.NotEmpty(settings);
        Assert.Contains(settings, setting => setting.Value.Contains("managedidentity", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Scheduler_WhereChosen_HasTheHubThatTheHostFileNames()
    {
        var hub = Assert.Single(fixture.Resources(DeploymentFixture.Other, "Microsoft.DurableTask/schedulers/taskHubs"));

        Assert.Equal(Durable("host.scheduler.json").Text("hubName"), hub.Text("name")!.Split('/')[^1]);
        Assert.Equal("Dedicated", Assert.Single(fixture.Resources(DeploymentFixture.Other, "Microsoft.DurableTask/schedulers")).Text("properties/sku/name"));
        Assert.Empty(fixture.Resources(DeploymentFixture.Prod, "Microsoft.DurableTask/schedulers"));
    }

    [Theory]
    [InlineData(DeploymentFixture.Dev, null)]
    [InlineData(DeploymentFixture.Prod, "1")]
    [InlineData(DeploymentFixture.Other, "1")]
    public void App_KeepsOneDurableInstanceWarmUnlessTold(string name, string? instances)
    {
        var ready = fixture.Resources(name, "Microsoft.Web/sites").Single().At("properties/functionAppConfig/scaleAndConcurrency/alwaysReady")!.AsArray();

        Assert.Equal(instances, ready.SingleOrDefault(group => group!.Text("name") == "durable")?.Text("instanceCount"));
    }

    [Theory]
    [InlineData("AzureStorage", "host.json")]
    [InlineData("DurableTaskScheduler", "host.scheduler.json")]
    [InlineData("Scheduler", null)]
    public async Task Publish_TakesTheHostFileOfTheBackend(string backend, string? file)
    {
        var (exitCode, said) = await MsBuildAsync(
            "functions/CaptureFlow.Functions.csproj", "-nologo", $"-p:DurableBackend={backend}", "-t:RequireHostFile", "-getItem:None");

        if (file is null)
        {
            Assert.NotEqual(0, exitCode);
            Assert.Contains("there is no 'Scheduler'", said, StringComparison.Ordinal);
            return;
        }

        Assert.True(exitCode == 0, said);
        var item = Assert.Single(JsonNode.Parse(said)!.At("Items/None")!.AsArray(), item => item!.Text("Link") == "host.json")!;
        Assert.Equal(Path.Combine(InfraFolder.Root, file), item.Text("FullPath"));
        Assert.Equal("PreserveNewest", item.Text("CopyToOutputDirectory"));
    }

    private static string HostFileOf(string name) => name == DeploymentFixture.Other ? "host.scheduler.json" : "host.json";

    private static JsonObject Durable(string file) => Read(file).At("extensions/durableTask")!.AsObject();

    private static JsonObject Read(string file) => JsonNode.Parse(File.ReadAllText(Path.Combine(InfraFolder.Root, file)))!.AsObject();

    private static async Task<(int ExitCode, string Said)> MsBuildAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", ["msbuild", "-nodeReuse:false", .. arguments])
        {
            WorkingDirectory = InfraFolder.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, $"{await output}{await errors}");
    }
}
