using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>Valid records.</summary>
internal static class Make
{
    public static readonly CaptureFault Fault = new("a-code", "It failed.", "Mend it.");

    public static CapturePlan Plan(CaptureOrder order, DateTimeOffset at)
    {
        CapturePlan plan = new(
            order, "pod", "uid-1", "node-1", "example/tools:1", ["-i", "any"], null, 1 << 20, TimeSpan.FromMinutes(5), "the pod's own network namespace", [], at);
        return order.Target switch
        {
            { IsNode: true } => plan with { Site = CaptureMethods.NodePod, PodUid = "", Sees = "all traffic of the node", Place = new("node-1", null, ["10.0.0.1"], []) },
            { Method: CaptureMethods.Node } => plan with { Site = CaptureMethods.NodePod, Sees = "the pod's traffic", Place = new("node-1", "gce://project/zone/node-1", ["10.0.0.1"], ["10.1.0.1"]) },
            { Method: CaptureMethods.Auto } => plan with { Choice = "Nothing is against the capture in the pod." },
            _ => plan,
        };
    }

    public static CapturePlan Plan() => Plan(
        new(CaptureIds.New(), new("shop", "web"), new(TimeSpan.FromSeconds(1), 256, 1 << 20), null, "tests", null, DateTimeOffset.UnixEpoch), DateTimeOffset.UnixEpoch);

    /// <summary>The timeline of a capture whose revoke is tried for the <paramref name="round"/>th time.</summary>
    public static RevokeRequest Revoke(int round, params StepRecord[] before) => new(
        Plan(), [.. before, .. Enumerable.Range(1, round).Select(_ => new StepRecord(CaptureSteps.RevokePermission, DateTimeOffset.UnixEpoch.AddMinutes(1)))]);

    public static StepRecord Step(string name, string? fault = null) => new(name, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddSeconds(30), fault);
}
