using System.Diagnostics;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>The real kubectl against the sandbox: named by <c>CAPTUREFLOW_KUBECTL</c>, or found on the PATH.</summary>
public sealed class KubectlTests : ClusterTest
{
    private readonly string _kubectl;

    public KubectlTests(ClusterFixture fixture)
        : base(fixture)
    {
        _kubectl = Needs.Kubectl();
    }

    [Fact]
    public async Task Get_Pods_PrintsTheirState()
    {
        var (code, output, _) = await RunAsync(Cluster.AdminKubeconfig, "get pods -n shop --no-headers");

        Assert.Equal(0, code);
        Assert.Contains(output.Split('\n'), line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is ["web", "2/2", "Running", "0", _]);
    }

    [Fact]
    public async Task AuthCanI_ByRights_SaysYesOrNo()
    {
        var (yes, saidYes, _) = await RunAsync(Cluster.AdminKubeconfig, "auth can-i create pods/exec -n shop");
        var (no, saidNo, _) = await RunAsync(Cluster.NobodyKubeconfig, "auth can-i get pods -n shop");
        var (listed, list, _) = await RunAsync(Cluster.NobodyKubeconfig, "auth can-i --list");

        Assert.Equal((0, "yes\n"), (yes, saidYes));
        Assert.Equal((1, "no\n"), (no, saidNo));
        Assert.Equal(0, listed);
        Assert.Contains("selfsubjectreviews.authentication.k8s.io", list, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_WithoutRights_IsForbidden()
    {
        var (code, _, faults) = await RunAsync(Cluster.NobodyKubeconfig, "get pods -n shop");

        Assert.Equal(1, code);
        Assert.Contains("Error from server (Forbidden): pods is forbidden: User \"nobody\" cannot list resource", faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_WithInputAndExitCode_PassesBoth()
    {
        await CreateSleeperAsync("box");

        var (code, output, faults) = await RunAsync(Cluster.AdminKubeconfig, $"exec -i -n {Space} box -- sh -c 'read word; echo got $word; echo bad >&2; exit 4'", "hello\n");

        Assert.Equal(4, code);
        Assert.Equal("got hello\n", output);
        Assert.StartsWith("bad\n", faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debug_Attached_RunsInThePod()
    {
        await CreateSleeperAsync("box");

        var (code, output, faults) = await RunAsync(
            Cluster.AdminKubeconfig, $"debug -i -n {Space} box --image=nicolaka/netshoot -c tap --profile=netadmin -- sh", "hostname\nexit 0\n");
        var (_, pod) = await Admin.GetAsync($"{Pods}/box");

        Assert.True(code == 0, faults);
        Assert.Equal("box\n", output);
        Assert.Contains("NET_ADMIN", pod.Items("spec", "ephemeralContainers").Single().Texts("securityContext", "capabilities", "add"));
    }

    [Fact]
    public async Task CreateAndApply_TypedAndUntyped_AreStored()
    {
        var (account, _, accountFault) = await RunAsync(Cluster.AdminKubeconfig, $"create serviceaccount tap -n {Space}");
        var (token, issued, _) = await RunAsync(Cluster.AdminKubeconfig, $"create token tap -n {Space} --duration=10m");
        var manifest = $"""
            apiVersion: rbac.authorization.k8s.io/v1
            kind: RoleBinding
            metadata: {"{"} name: tap, namespace: {Space} {"}"}
            roleRef: {"{"} apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin {"}"}
            subjects: [ {"{"} kind: ServiceAccount, name: tap {"}"} ]
            """;
        var (applied, _, applyFault) = await RunAsync(Cluster.AdminKubeconfig, "apply -f -", manifest);
        using var tap = Nobody.WithToken(issued.Trim());
        var (code, _) = await tap.GetAsync(Pods);

        Assert.True(account == 0, accountFault);
        Assert.Equal(0, token);
        Assert.True(applied == 0, applyFault);
        Assert.Equal(200, code);
    }

    private async Task<(int Code, string Output, string Faults)> RunAsync(string kubeconfig, string arguments, string input = "")
    {
        var start = new ProcessStartInfo("sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add($"exec '{_kubectl}' --kubeconfig '{kubeconfig}' {arguments}");
        using var process = Process.Start(start)!;
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var faults = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return (process.ExitCode, await output, await faults);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
