using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>Two hosts on one history: the second takes the first for dead and runs the same activity, while the first is still in it.</summary>
internal static class TwoHosts
{
    private static readonly string[] Steps = ["plan", "grant", "attach", "finish", "retrieve", "store", "revoke"];

    private const string Group = "two hosts";

    public static IEnumerable<FaultCase> Cases() =>
    [
        .. Steps.Select(step => new FaultCase(Group, $"overlap-{step}", $"two hosts are in the {step} step at once", Outcome.Complete, scene => OverlapAsync(scene, step))),
        new(Group, "late-grant", "a host stands still before it grants, and goes on when another has ended the capture", Outcome.Complete with { Grants = 2 }, LateGrantAsync),
    ];

    private static async Task<JsonNode> LateGrantAsync(FaultScene scene)
    {
        var shared = Shared(scene);
        var late = await scene.StartHostAsync("grant:before", Path.Combine(scene.State, "first"), shared);
        await scene.OrderAsync();
        await late.PausedAsync("grant:before", FaultScene.Soon);
        await scene.StartHostAsync(null, Path.Combine(scene.State, "second"), shared);
        await scene.WhenEndedAsync();
        await late.GoOnAsync();
        await Until.FoundAsync("the late host has taken back what it made", FaultScene.Soon, () =>
            Task.FromResult(late.Log.Contains("has taken back what it made; proven: True", StringComparison.Ordinal) ? late : null));
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> OverlapAsync(FaultScene scene, string step)
    {
        var shared = Shared(scene);
        var first = await scene.StartHostAsync($"{step}:before", Path.Combine(scene.State, "first"), shared);
        // Long enough that the late run of the grant step comes before the capture's end.
        await scene.OrderAsync(step == "grant" ? 12 : 2);
        await first.PausedAsync($"{step}:before", FaultScene.Soon);
        // The step's work is done, and its answer not yet given, when the first host begins with the same.
        var second = await scene.StartHostAsync($"{step}:after", Path.Combine(scene.State, "second"), shared);
        if (step == "retrieve")
        {
            // The place where the bytes are staged has one writer at a time.
            await Until.FoundAsync("the second host was kept out", FaultScene.Soon, () =>
                Task.FromResult(second.Log.Contains("because it is being used by another process", StringComparison.Ordinal) ? second : null));
            await first.GoOnAsync();
            return await scene.WhenEndedAsync();
        }

        await second.PausedAsync($"{step}:after", FaultScene.Soon);
        await first.GoOnAsync();
        await second.GoOnAsync();
        return await scene.WhenEndedAsync();
    }

    private static (string Name, string Value)[] Shared(FaultScene scene) =>
    [
        ("FAULTHOST_HISTORY", Path.Combine(scene.State, "shared.db")), ("CaptureFlow__FolderStore__Folder", Path.Combine(scene.State, "evidence")),
        // The second host's first call must not be given up: the first host would then repeat the step, and nobody come to the second pause.
        ("CaptureFlow__Cluster__RequestTimeout", "00:00:20"), ("CaptureFlow__Cluster__RetryFor", "00:01:00"),
    ];
}
