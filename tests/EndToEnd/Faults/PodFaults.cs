using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>What may become of the pod and of the way to it while it is captured.</summary>
internal static class PodFaults
{
    private const string Group = "pod and cluster";

    // Fills its loopback: a bound of megabytes is reached within seconds. With bytes that cannot be compressed, so that they take their time on the way.
    public const string Flood =
        "exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Proto => \"udp\", PeerAddr => \"127.0.0.1:9\"); open $r, \"<\", \"/dev/urandom\"; "
        + "while (1) { sysread $r, $d, 8000; $s->send($d); select undef, undef, undef, 0.0005 }'";

    public static IEnumerable<FaultCase> Cases() =>
    [
        new(Group, "pod-deleted-window", "the pod is deleted in the window, without grace", new("failed", nameof(Verdict.Failed), FaultCodes.PodGone), DeletedInWindowAsync),
        new(Group, "pod-deleted-retrieval", "the pod is deleted half-way through the retrieval", new("completed", nameof(Verdict.Partial), FaultCodes.PodGone), DeletedInRetrievalAsync),
        new(Group, "pod-evicted", "the pod is deleted in the window with 30 s of grace, as an eviction does", new("completed", nameof(Verdict.Partial)), EvictedAsync),
        new(Group, "pod-failed", "the pod's own deadline passes in the window, and the kubelet ends it", new("failed", nameof(Verdict.Failed)), FailedAsync),
        new(Group, "app-restarted", "the application's container is killed and restarted in the window", Outcome.Complete, AppRestartedAsync),
        new(Group, "node-gone", "the node is cut off, and its pod is deleted later", new("failed", nameof(Verdict.Failed), FaultCodes.PodGone), NodeGoneAsync),
        new(Group, "api-away-window", "the API server answers nothing in the namespace during the window", Outcome.Complete, AwayInWindowAsync),
        new(Group, "token-expired", "the capture's token is refused once, in the middle of the retrieval", Outcome.Complete, TokenExpiredAsync),
        new(Group, "state-lost", "the host and all it remembers are lost in the window; another host's reaper cleans up after the expiry", new("none"), StateLostAsync),
    ];

    private static async Task<JsonNode> DeletedInWindowAsync(FaultScene scene)
    {
        await scene.OrderAsync(300);
        await scene.WhenAsync("capturing");
        await scene.DeletePodAsync();
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> DeletedInRetrievalAsync(FaultScene scene)
    {
        await scene.ReplacePodAsync(Flood);
        var host = await scene.StartHostAsync("retrieve:halfway");
        // What is on its way when the pod goes depends on how far the sockets' buffers grew: tens of megabytes, or nothing. So the line ends at three
        // quarters, whatever they hold.
        await scene.FaultAsync("pods/.*/exec", rule =>
        {
            rule["cutAfterBytes"] = 12 << 20;
            return rule;
        });
        await scene.OrderAsync(300, "16MiB");
        await host.PausedAsync("retrieve:halfway", FaultScene.Soon);
        await scene.DeletePodAsync();
        await host.GoOnAsync();
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> EvictedAsync(FaultScene scene)
    {
        await scene.OrderAsync(300);
        await scene.WhenAsync("capturing");
        await scene.DeletePodAsync(grace: 30);
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> FailedAsync(FaultScene scene)
    {
        await scene.ReplacePodAsync(deadlineSeconds: 20);
        await scene.OrderAsync(300);
        await scene.WhenAsync("capturing");
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> AppRestartedAsync(FaultScene scene)
    {
        await scene.OrderAsync(8);
        await scene.WhenAsync("capturing");
        FaultScene.KillContainer(scene.AppMark);
        await Until.FoundAsync("the application was restarted", FaultScene.Soon, async () =>
            (await scene.Sandbox.Admin.CoreV1.ReadNamespacedPodAsync(FaultScene.Pod, scene.Space)).Status.ContainerStatuses[0].RestartCount > 0 ? scene : null);
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> NodeGoneAsync(FaultScene scene)
    {
        await scene.OrderAsync(8);
        await scene.WhenAsync("capturing");
        await scene.FaultAsync("pods/target/exec", ApiAnswers.Status(500));
        await scene.FaultAsync("pods/target/log", ApiAnswers.Status(500));
        await Until.FoundAsync("the exec was refused in vain", FaultScene.Soon, async () =>
            (await scene.AskedAsync()).Count(request => request.Fault.Length > 0) >= 8 ? scene : null);
        await scene.DeletePodAsync();
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> AwayInWindowAsync(FaultScene scene)
    {
        await scene.OrderAsync(10);
        await scene.WhenAsync("capturing");
        await scene.FaultAsync("", ApiAnswers.Status(503));
        await Until.FoundAsync("the window is over, and somebody asked", FaultScene.Soon, async () =>
            (await scene.Api.GetAsync(scene.Id))["status"]!.GetValue<string>() != "capturing" && (await scene.AskedAsync()).Any(request => request.Fault.Length > 0) ? scene : null);
        await scene.MendAsync();
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> TokenExpiredAsync(FaultScene scene)
    {
        await scene.FaultAsync("pods/target/exec.*bs", rule =>
        {
            rule["status"] = 401;
            rule["times"] = 1;
            return rule;
        });
        return await scene.CaptureAsync();
    }

    private static async Task<JsonNode> StateLostAsync(FaultScene scene)
    {
        var doomed = await scene.StartHostAsync();
        await scene.OrderAsync(600);
        await scene.WhenAsync("capturing");
        await doomed.KillAsync();
        await scene.Sandbox.ExpireAsync(scene.Id, scene.Space, pod: false);
        await scene.StartWithinAsync(Path.Combine(scene.State, "another"));
        await Until.FoundAsync("the reaper took it back", FaultScene.Soon, async () =>
            (await scene.Sandbox.LeftOversAsync()).Any(item => item.Contains(scene.Id, StringComparison.Ordinal)) ? null : scene);
        // Without a grant nobody can end the tap but itself: its own deadline does, and that is minutes away. The pod goes instead.
        await scene.DeletePodAsync();
        return new JsonObject { ["status"] = "none", ["revocation"] = new JsonObject { ["proven"] = true } };
    }
}
