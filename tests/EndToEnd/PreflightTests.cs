using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>A dry run says all that is for and against a capture, and leaves no trace.</summary>
public sealed class PreflightTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    [Fact]
    public async Task DryRun_AsSomebodyWhoMayPatch_EverythingIsAskedAndNothingChanged()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.AdminKubeconfig);
        var before = TimeProvider.System.GetUtcNow();

        var (status, body) = await host.Api.PostAsync("/api/captures?dryRun=true", new { target = new { pod = "shop/web" }, filter = new { port = "https" } });

        Assert.True(status == HttpStatusCode.OK, body.ToString());
        Assert.Equal("passed", Outcome(body, "target"));
        Assert.All((string[])["rights", "filter", "role", "admission", "image", "storage"], name => Assert.Equal("passed", Outcome(body, name)));
        Assert.Equal(["--", "tcp port 8443"], body["plan"]!["arguments"]!.AsArray().Select(argument => argument!.GetValue<string>()).TakeLast(2));
        Assert.Empty(await sandbox.LeftOversAsync());
        Assert.All(
            (await sandbox.RequestsAsync()).Where(request => request.Time >= before && request.User == "admin"),
            request => Assert.True(
                request.Method == "GET" || request.Path.Contains("accessreviews", StringComparison.Ordinal) || request.Path.Contains("dryRun=All", StringComparison.Ordinal),
                $"{request}"));
    }

    [Fact]
    public async Task DryRun_AsCaptureFlowItself_SaysWhatItCouldNotAsk()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig);

        var (status, body) = await host.Api.PostAsync("/api/captures?dryRun=true", new { target = new { pod = "shop/web" } });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(("passed", "unknown", "unknown"), (Outcome(body, "rights"), Outcome(body, "admission"), Outcome(body, "image")));
        Assert.Contains("infra/kubernetes/preflight", Check(body, "image")["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_NamespaceThatEnforcesPodSecurity_RefusedByItsName()
    {
        var sandbox = fixture.Sandbox;
        await sandbox.Admin.CoreV1.CreateNamespaceAsync(new() { Metadata = new() { Name = "strict" } });
        await sandbox.Admin.CoreV1.CreateNamespacedPodAsync(Sleeper(), "strict");
        await Until.FoundAsync("the pod runs", Until.Patience, async () =>
            (await sandbox.Admin.CoreV1.ReadNamespacedPodAsync("sleeper", "strict")).Status.Phase == "Running" ? sandbox : null);
        await sandbox.Admin.CoreV1.PatchNamespaceAsync(
            new("""{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"restricted"}}}""", V1Patch.PatchType.MergePatch), "strict");
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.AdminKubeconfig);

        var (status, body) = await host.Api.PostAsync("/api/captures?dryRun=true", new { target = new { pod = "strict/sleeper" } });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(FaultCodes.AdmissionRefused, body["code"]!.GetValue<string>());
        Assert.Contains("PodSecurity \"restricted", Check(body, "admission")["detail"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task DryRun_IdentityWithoutRights_EveryMissingOneIsNamedWithALineThatMendsIt()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.NobodyKubeconfig);

        var (status, body) = await host.Api.PostAsync("/api/captures?dryRun=true", new { target = new { pod = "shop/web" } });

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        var rights = body["checks"]!.AsArray().Where(check => check!["name"]!.GetValue<string>() == "rights").ToList();
        // One for each manifest, so that one command mends all that it grants.
        Assert.Equal(
            ["kubectl apply -k infra/kubernetes/all-namespaces", "kubectl apply -k infra/kubernetes/base"],
            rights.Select(check => check!["remedy"]!.GetValue<string>().Split(';')[0]));
        Assert.Equal(10, rights.Sum(check => check!["detail"]!.GetValue<string>().Split("; ").Count(line => line.StartsWith("kubectl ", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task PlanCommand_SelectorWithEarlierTaps_PrintsTheArgvAndTheNote()
    {
        var sandbox = fixture.Sandbox;
        await sandbox.Admin.CoreV1.PatchNamespacedPodEphemeralcontainersAsync(
            new("""{"spec":{"ephemeralContainers":[{"name":"debugger","image":"nicolaka/netshoot:v0.13","command":["true"]}]}}""", V1Patch.PatchType.StrategicMergePatch), "quiet", "shop");
        await using var plan = ChildProcess.Start(
            "captureflow-local", "plan", "-n", "shop", "-l", "app=quiet", "--port", "53", "--kubeconfig", sandbox.AdminKubeconfig);

        var code = await plan.ExitAsync(Until.Patience);

        Assert.True(code == 0, plan.Log);
        Assert.Contains("== quiet", plan.Log, StringComparison.Ordinal);
        Assert.Contains("keeps 1 ephemeral container of earlier captures or debugging, as Kubernetes removes none: debugger", plan.Log, StringComparison.Ordinal);
        Assert.Contains("tcpdump -i any", plan.Log, StringComparison.Ordinal);
        Assert.Contains("-- 'port 53'", plan.Log, StringComparison.Ordinal);
        Assert.EndsWith("Ready to capture. Nothing was changed.", plan.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PlanCommand_UnknownPod_RefusedWithExitCode3()
    {
        await using var plan = ChildProcess.Start("captureflow-local", "plan", "-n", "shop", "nosuch", "--kubeconfig", fixture.Sandbox.CaptureFlowKubeconfig);

        var code = await plan.ExitAsync(Until.Patience);

        Assert.True(code == 3, plan.Log);
        Assert.Contains("There is no pod shop/nosuch.", plan.Log, StringComparison.Ordinal);
    }

    private static JsonNode Check(JsonNode body, string name) => body["checks"]!.AsArray().First(check => check!["name"]!.GetValue<string>() == name)!;

    private static string Outcome(JsonNode body, string name) => Check(body, name)["outcome"]!.GetValue<string>();

    private static V1Pod Sleeper() => new()
    {
        Metadata = new() { Name = "sleeper" },
        Spec = new() { Containers = [new() { Name = "sleeper", Image = "nicolaka/netshoot:v0.13", Command = ["sleep", "infinity"] }] },
    };
}
