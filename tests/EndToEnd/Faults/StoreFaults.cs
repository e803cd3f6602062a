using System.Text.Json.Nodes;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>What the place where evidence is kept may do.</summary>
internal static class StoreFaults
{
    private const string Group = "store";

    public static IEnumerable<FaultCase> Cases() =>
    [
        new(Group, "store-refusing", "the evidence folder is read-only", new("failed", null, FaultCodes.StoreRefused), scene => OnAsync(scene, "ro")),
        new(Group, "store-full", "the disk of the evidence folder is full", new("failed", null, FaultCodes.StoreRefused), scene => OnAsync(scene, "size=4k")),
        new(Group, "store-slow", "the store takes two seconds for each call", Outcome.Complete, scene => WithAsync(scene, "slow")),
        new(Group, "store-away", "the store cannot be reached at first", Outcome.Complete, scene => WithAsync(scene, "away")),
        new(Group, "store-away-for-proof", "the store cannot be reached while the rights are taken back", Outcome.Complete, AwayForProofAsync),
        new(Group, "store-corrupting", "the store flips a bit of the first block", new("completed", nameof(Verdict.Partial)), scene => WithAsync(scene, "corrupting")),
    ];

    private static async Task<JsonNode> OnAsync(FaultScene scene, string options)
    {
        var folder = await scene.MountAsync("evidence", options);
        await scene.StartWithinAsync(null, ("CaptureFlow__FolderStore__Folder", folder));
        return await scene.CaptureAsync();
    }

    /// <summary>The rights are gone and proven at the first try; the proof waits for the store in a step of its own.</summary>
    private static async Task<JsonNode> AwayForProofAsync(FaultScene scene)
    {
        var capture = await WithAsync(scene, "away-for-proof");
        string[] steps = [.. capture["progress"]!["timeline"]!.AsArray().Select(step => step!["step"]!.GetValue<string>())];
        Assert.Equal([CaptureSteps.RevokePermission, CaptureSteps.AddProof], steps[^2..]);
        return capture;
    }

    private static async Task<JsonNode> WithAsync(FaultScene scene, string store)
    {
        await scene.StartWithinAsync(null, ("FAULTHOST_STORE", store));
        return await scene.CaptureAsync();
    }
}
