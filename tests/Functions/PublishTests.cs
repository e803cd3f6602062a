using System.Diagnostics;

namespace CaptureFlow.Functions.Tests;

/// <summary>
/// <c>dotnet publish functions</c>, in a folder of its own. The app is complete, and no stand-in is in it: where the feed lacks Google's package, captures
/// over SSH on GKE are left out, as the assembly that they are.
/// </summary>
public sealed class PublishTests(PublishTests.Published published) : IClassFixture<PublishTests.Published>
{
    [Theory]
    [InlineData("host.json")]
    [InlineData("extensions.json")]
    [InlineData("functions.metadata")]
    [InlineData("worker.config.json")]
    [InlineData("CaptureFlow.Functions.dll")]
    [InlineData("CaptureFlow.Functions.runtimeconfig.json")]
    [InlineData(".azurefunctions/Microsoft.Azure.WebJobs.Extensions.DurableTask.dll")]
    public void App_WhatTheHostReads_IsThere(string file) => Assert.True(new FileInfo(Path.Combine(published.Folder, file)) is { Exists: true, Length: > 0 }, file);

    [Fact]
    public void App_HasTheFunctionsOfTheBuild() =>
        Assert.Equal(File.ReadAllText(Path.Combine(Published.Built, "functions.metadata")), File.ReadAllText(Path.Combine(published.Folder, "functions.metadata")));

    [Fact]
    public void App_HasTheHostFileOfItsBackend() =>
        Assert.Equal(File.ReadAllText(Repository.Path("host.json")), File.ReadAllText(Path.Combine(published.Folder, "host.json")));

    [Fact]
    public void App_HasNoStandIn_AndGkeOverSshOnlyWithGooglesPackage()
    {
        var assemblies = Directory.EnumerateFiles(published.Folder, "*.dll").Select(Path.GetFileName).ToList();

        Assert.DoesNotContain(assemblies, name => name!.StartsWith("Polyfill.", StringComparison.Ordinal));
        Assert.DoesNotContain("Polyfill.", File.ReadAllText(Path.Combine(published.Folder, "CaptureFlow.Functions.deps.json")), StringComparison.Ordinal);
        Assert.Equal(!Published.WithStandIn, assemblies.Contains("CaptureFlow.Sites.Gce.dll"));
        Assert.Equal(!Published.WithStandIn, assemblies.Contains("Google.Cloud.Compute.V1.dll"));
    }

    public sealed class Published : IAsyncLifetime
    {
        private readonly string _root = Directory.CreateTempSubdirectory("captureflow-publish-").FullName;

        /// <summary>The output of the build that these tests are part of.</summary>
        internal static string Built { get; } = Repository.Path("functions", "bin", new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name, "net10.0");

        internal static bool WithStandIn { get; } = File.Exists(Path.Combine(Built, "Polyfill.GoogleCompute.dll"));

        internal string Folder => Path.Combine(_root, "publish", "CaptureFlow.Functions", "release");

        public async ValueTask InitializeAsync()
        {
            var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])
                [
                    "publish", Repository.Path("functions", "CaptureFlow.Functions.csproj"), "-c", "Release", "-v", "q", "-nologo", "-nodeReuse:false", "-maxcpucount:1",
                    "-p:UseSharedCompilation=false", $"-p:UseGooglePolyfill={(WithStandIn ? "true" : "false")}", "--artifacts-path", _root,
                ])
            {
                start.ArgumentList.Add(argument);
            }

            using var publish = Process.Start(start)!;
            var (output, errors) = (publish.StandardOutput.ReadToEndAsync(), publish.StandardError.ReadToEndAsync());
            await publish.WaitForExitAsync();
            Assert.True(publish.ExitCode == 0, $"{await output}{await errors}");
        }

        public ValueTask DisposeAsync()
        {
            Directory.Delete(_root, recursive: true);
            return ValueTask.CompletedTask;
        }
    }
}
