using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

public sealed class EphemeralContainerTests(ClusterFixture fixture) : ClusterTest(fixture)
{
    private const string Tap = "{ name: tap, image: nicolaka/netshoot, command: [sleep, infinity] }";

    private string Subresource => $"{Pods}/box/ephemeralcontainers";

    [Fact]
    public async Task Patch_NewContainer_RunsInThePodsNetwork()
    {
        var pod = await CreateSleeperAsync("box");

        var (code, _) = await Admin.PatchAsync(Subresource, EphemeralPatch(
            "{ name: tap, image: nicolaka/netshoot, command: [sh, -c, 'ip -o addr show dev eth0; echo private > /tmp/mark'] }"));
        var ended = await WaitForPodAsync("box", now => EphemeralState(now, "tap").At("terminated") is not null);
        var (_, log) = await Admin.GetAsync($"{Pods}/box/log?container=tap");

        Assert.Equal(200, code);
        Assert.Equal(0, EphemeralState(ended, "tap").Number("terminated", "exitCode"));
        Assert.Contains(pod.Text("status", "podIP")!, log!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_DryRun_ChangesNothing()
    {
        await CreateSleeperAsync("box");

        var (code, shown) = await Admin.PatchAsync($"{Subresource}?dryRun=All", EphemeralPatch(Tap));
        var (_, pod) = await Admin.GetAsync($"{Pods}/box");

        Assert.Equal(200, code);
        Assert.Equal("tap", shown.Items("spec", "ephemeralContainers").Single().Text("name"));
        Assert.Empty(pod.Items("spec", "ephemeralContainers"));
        Assert.Empty(pod.Items("status", "ephemeralContainerStatuses"));
    }

    [Fact]
    public async Task Patch_SameContainerAgain_IsNoChange()
    {
        await CreateSleeperAsync("box");
        await Admin.PatchAsync(Subresource, EphemeralPatch(Tap));

        var (code, pod) = await Admin.PatchAsync(Subresource, EphemeralPatch(Tap));

        Assert.Equal(200, code);
        Assert.Single(pod.Items("spec", "ephemeralContainers"));
    }

    [Fact]
    public async Task Patch_ChangedContainer_IsInvalid()
    {
        await CreateSleeperAsync("box");
        await Admin.PatchAsync(Subresource, EphemeralPatch(Tap));

        var (code, body) = await Admin.PatchAsync(Subresource, EphemeralPatch("{ name: tap, image: nicolaka/netshoot, command: [true] }"));

        Assert.Equal(422, code);
        Assert.Equal("Invalid", body.Text("reason"));
        Assert.StartsWith(
            "Pod \"box\" is invalid: spec.ephemeralContainers: Forbidden: existing ephemeral containers \"tap\" may not be changed",
            body.Text("message"),
            StringComparison.Ordinal);
        Assert.Equal("FieldValueForbidden", body.Items("details", "causes").Single().Text("reason"));
    }

    [Fact]
    public async Task Put_WithoutAnExistingContainer_IsInvalid()
    {
        await CreateSleeperAsync("box");
        await Admin.PatchAsync(Subresource, EphemeralPatch(Tap));
        var (_, pod) = await Admin.GetAsync($"{Pods}/box");
        var wanted = (JsonObject)pod!;
        wanted.Child("spec").Remove("ephemeralContainers");
        wanted.Child("metadata").Remove("resourceVersion");

        var (code, body) = await Admin.SendAsync(HttpMethod.Put, Subresource, wanted.ToText());

        Assert.Equal(422, code);
        Assert.Contains("may not be removed", body.Text("message"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ name: main, image: nicolaka/netshoot }", "Duplicate value: \"main\"")]
    [InlineData("{ name: Tap_1, image: nicolaka/netshoot }", "a lowercase RFC 1123 label")]
    [InlineData("{ name: tap }", "image: Required value")]
    [InlineData("{ name: tap, image: x, targetContainerName: gone }", "Not found: \"gone\"")]
    [InlineData("{ name: tap, image: x, ports: [ { containerPort: 1 } ] }", "cannot be set for an Ephemeral Container")]
    public async Task Patch_ContainerAgainstTheRules_IsInvalid(string container, string because)
    {
        await CreateSleeperAsync("box");

        var (code, body) = await Admin.PatchAsync(Subresource, EphemeralPatch(container));

        Assert.Equal(422, code);
        Assert.Contains(because, body.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_TargetContainer_SharesItsProcesses()
    {
        await CreateSleeperAsync("box");

        await Admin.PatchAsync(Subresource, EphemeralPatch(
            "{ name: tap, image: nicolaka/netshoot, targetContainerName: main, command: [sh, -c, 'tr \"\\0\" \" \" < /proc/1/cmdline'] }"));
        await WaitForPodAsync("box", now => EphemeralState(now, "tap").At("terminated") is not null);
        var (_, log) = await Admin.GetAsync($"{Pods}/box/log?container=tap");

        Assert.Equal("sleep infinity ", log!.GetValue<string>());
    }

    [Fact]
    public async Task Patch_UnknownImage_WaitsWithErrImagePull()
    {
        await CreateSleeperAsync("box");

        await Admin.PatchAsync(Subresource, EphemeralPatch("{ name: tap, image: 'registry.invalid/absent:1' }"));
        var pod = await WaitForPodAsync("box", now => EphemeralState(now, "tap").Text("waiting", "reason") == "ImagePullBackOff");

        Assert.Contains("Back-off pulling image \"registry.invalid/absent:1\"", EphemeralState(pod, "tap").Text("waiting", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_ImageThatMayNotBePulled_WaitsWithErrImageNeverPull()
    {
        await CreateSleeperAsync("box");

        await Admin.PatchAsync(Subresource, EphemeralPatch("{ name: tap, image: 'registry.invalid/absent:1', imagePullPolicy: Never }"));

        await WaitForPodAsync("box", now => EphemeralState(now, "tap").Text("waiting", "reason") == "ErrImageNeverPull");
    }

    [Fact]
    public async Task Patch_RootInAPodOfNonRoot_WaitsWithConfigError()
    {
        await CreatePodAsync("box",
            "{ securityContext: { runAsNonRoot: true, runAsUser: 1000 }, containers: [ { name: main, image: netshoot, command: [sleep, infinity] } ] }");
        await WaitForPodAsync("box", pod => pod.Text("status", "phase") == "Running");

        await Admin.PatchAsync(Subresource, EphemeralPatch("{ name: tap, image: netshoot, securityContext: { runAsUser: 0 } }"));
        var pod = await WaitForPodAsync("box", now => EphemeralState(now, "tap").Text("waiting", "reason") == "CreateContainerConfigError");

        Assert.Contains("container's runAsUser breaks non-root policy", EphemeralState(pod, "tap").Text("waiting", "message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patch_RestrictedNamespace_RefusesADebugContainer()
    {
        await CreateSleeperAsync("box");
        await Admin.PatchAsync($"/api/v1/namespaces/{Space}", Json("{ metadata: { labels: { pod-security.kubernetes.io/enforce: restricted } } }"));

        var (code, body) = await Admin.PatchAsync(Subresource, EphemeralPatch(
            "{ name: tap, image: netshoot, securityContext: { runAsUser: 0, capabilities: { add: [NET_RAW] } } }"));

        Assert.Equal(403, code);
        Assert.StartsWith("pods \"box\" is forbidden: violates PodSecurity \"restricted:latest\": ", body.Text("message"), StringComparison.Ordinal);
        Assert.Contains("must not include \"NET_RAW\" in securityContext.capabilities.add", body.Text("message"), StringComparison.Ordinal);
    }
}
