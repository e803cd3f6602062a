using System.Xml.Linq;

namespace CaptureFlow.Orchestrations.Tests;

/// <summary>Who may know whom. The projects' own files are asked, so a reference that is not even used yet is seen.</summary>
public sealed class DependencyRuleTests
{
    [Theory]
    [InlineData("orchestrations/CaptureFlow.Orchestrations.csproj", "")]
    [InlineData("sites/CaptureFlow.Sites.csproj", "CaptureFlow.Orchestrations")]
    [InlineData("sites/Gce/CaptureFlow.Sites.Gce.csproj", "CaptureFlow.Sites")]
    [InlineData("evidence/CaptureFlow.Evidence.csproj", "CaptureFlow.Orchestrations")]
    [InlineData("analysis/CaptureFlow.Analysis.csproj", "CaptureFlow.Evidence,CaptureFlow.Orchestrations")]
    [InlineData("functions/CaptureFlow.Functions.csproj", "CaptureFlow.Analysis,CaptureFlow.Evidence,CaptureFlow.Orchestrations,CaptureFlow.Sites,CaptureFlow.Sites.Gce")]
    [InlineData("local/CaptureFlow.Local.csproj", "CaptureFlow.Functions")]
    [InlineData("sandbox/CaptureFlow.Sandbox.csproj", "")]
    public void Project_References_AreTheAllowedOnes(string project, string allowed)
    {
        var document = XDocument.Load(Path.Combine(Root(), project));

        var referenced = document.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value))
            // In the place of a package, where the feed lacks it.
            .Where(name => !name.StartsWith("Polyfill.", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

        Assert.Equal(allowed, string.Join(",", referenced));
    }

    [Fact]
    public void Orchestrations_Packages_HoldNoCloudSdk()
    {
        var document = XDocument.Load(Path.Combine(Root(), "orchestrations/CaptureFlow.Orchestrations.csproj"));

        var packages = document.Descendants("PackageReference").Select(reference => reference.Attribute("Include")!.Value).ToList();

        Assert.Equal(["Microsoft.DurableTask.Abstractions", "Microsoft.DurableTask.Analyzers", "Microsoft.Extensions.Logging.Abstractions"], packages);
    }

    [Fact]
    public void Orchestrations_Assembly_ReferencesNoSiteStoreOrHost()
    {
        string[] foreign = ["k8s", "KubernetesClient", "Azure.", "Google.", "Renci", "Microsoft.AspNetCore", "Microsoft.Data", "CaptureFlow."];

        var references = typeof(CaptureOrchestrator).Assembly.GetReferencedAssemblies().Select(name => name.Name!);

        Assert.DoesNotContain(references, name => foreign.Any(f => name.StartsWith(f, StringComparison.Ordinal)));
    }

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
