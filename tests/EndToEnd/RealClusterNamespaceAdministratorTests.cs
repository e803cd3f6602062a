using System.Diagnostics;
using System.Text.RegularExpressions;
using CaptureFlow.EndToEnd.Tests.Harness;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>
/// README's commands as the administrator of one namespace types them: nobody of the cluster, but for what README has the cluster's administrator give.
/// </summary>
public sealed partial class RealClusterNamespaceAdministratorTests(RealCluster cluster, ITestOutputHelper output) : IClassFixture<RealCluster>, IAsyncDisposable
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "docs", "README.md"));

    [Fact]
    public async Task ReadmesCommands_AdministratorOfOneNamespace_WorkAndLeaveNothing()
    {
        RealCluster.SkipUnlessWanted();
        using CommandRun command = new();
        var kubeconfig = await BecomeAsync(command.Home);
        await AskSetUpAsync();
        await DeployAsync();

        var lines = CommandLines().Matches(Readme).Select(line => line.Groups[1].Value.TrimEnd()).ToList();
        Assert.Equal(["plan", "capture", "capture"], lines.Select(line => line.Split(' ')[0]));
        foreach (var line in lines)
        {
            var asked = line.Replace("-n shop", $"-n {cluster.Namespace}", StringComparison.Ordinal).Replace("30s", "3s", StringComparison.Ordinal);
            if (line.StartsWith("capture", StringComparison.Ordinal) && !line.Contains("--duration", StringComparison.Ordinal))
            {
                asked += " --duration 3s";
            }

            var (code, said, errors) = await CommandRun.EndAsync(
                command.Shell($"export CaptureFlow__Tap__Image={RealCluster.TapImage} KUBECONFIG={kubeconfig}; {CommandRun.Program} {asked}"));

            output.WriteLine($"{asked}\n{said}\n{errors}");
            // 9: nothing is known against it, and a node or a namespace may not be looked at.
            Assert.True(code == 0 || (code == 9 && line.StartsWith("plan", StringComparison.Ordinal)), $"{asked} ended with {code}:\n{said}\n{errors}");
        }

        Assert.True(new FileInfo(Path.Combine(command.Home, "web.pcap")).Length > 24);
        Assert.Empty(await cluster.LeftOversAsync());
    }

    /// <summary>What the set-up made outside of the namespace.</summary>
    public async ValueTask DisposeAsync()
    {
        if (RealCluster.IsWanted)
        {
            await cluster.Admin.RbacAuthorizationV1.DeleteCollectionClusterRoleBindingAsync(fieldSelector: $"metadata.name=captureflow-{User}-{cluster.Namespace}");
        }
    }

    private string User => $"{cluster.Namespace}-administrator";

    [GeneratedRegex(@"^    \./captureflow ((?:plan|capture) -n shop [^#\n]*)", RegexOptions.Multiline)]
    private static partial Regex CommandLines();

    [GeneratedRegex(@"^    kubectl (create [^#\n]*)", RegexOptions.Multiline)]
    private static partial Regex SetUpLines();

    // In braces, or as a block.
    [GeneratedRegex(@"\buser: \{|^(?<indent> *)user: *$", RegexOptions.Multiline)]
    private static partial Regex Credentials();

    // By impersonation: a name that nothing else is bound to.
    private async Task<string> BecomeAsync(string folder)
    {
        var path = Path.Combine(folder, "kubeconfig");
        var own = await File.ReadAllTextAsync(Environment.GetEnvironmentVariable("KUBECONFIG")!);
        Assert.Single(Credentials().Matches(own));
        await File.WriteAllTextAsync(
            path, Credentials().Replace(own, found => found.Value.EndsWith('{') ? $"{found}as: {User}, " : $"{found}\n{found.Groups["indent"]}  as: {User}"));
        await cluster.Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(
            new()
            {
                Metadata = new() { Name = "administrator" },
                RoleRef = new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "ClusterRole", Name = "admin" },
                Subjects = [new() { ApiGroup = "rbac.authorization.k8s.io", Kind = "User", Name = User }],
            },
            cluster.Namespace);
        return path;
    }

    private async Task AskSetUpAsync()
    {
        var lines = SetUpLines().Matches(Readme).Select(line => line.Groups[1].Value).ToList();
        Assert.Equal(4, lines.Count);
        foreach (var line in lines)
        {
            var asked = line.Replace("shop", cluster.Namespace, StringComparison.Ordinal).Replace("alice", User, StringComparison.Ordinal);
            using var kubectl = Process.Start("sh", ["-c", $"kubectl {asked}"]);
            await kubectl.WaitForExitAsync();
            Assert.True(kubectl.ExitCode == 0, asked);
        }
    }

    private async Task DeployAsync()
    {
        var pod = await cluster.RunAsync(RealPods.Busy("web"));
        var template = RealPods.Busy("web").Spec;
        template.RestartPolicy = "Always";
        template.Containers[0].Ports = [new() { Name = "http", ContainerPort = 8080 }];
        var labels = new Dictionary<string, string> { ["app"] = "web" };
        await cluster.Admin.AppsV1.CreateNamespacedDeploymentAsync(
            new()
            {
                Metadata = new() { Name = pod.Name() },
                Spec = new() { Replicas = 2, Selector = new() { MatchLabels = labels }, Template = new() { Metadata = new() { Labels = labels }, Spec = template } },
            },
            cluster.Namespace);
        await Until.FoundAsync("the deployment is there", Until.Patience, async () =>
            (await cluster.Admin.AppsV1.ReadNamespacedDeploymentAsync(pod.Name(), cluster.Namespace)).Status?.ReadyReplicas == 2 ? this : null);
    }
}
