using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Evidence;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>A revoke that the API server swallows: the capture says that nothing is proven, and the reaper goes on until it is.</summary>
internal static class Revokes
{
    /// <summary>Four rounds of asking until each answer is given up on, and the pauses between them; twice that.</summary>
    private static readonly TimeSpan GivenUpWithin = TimeSpan.FromMinutes(5);

    /// <summary>The watch's next minute, and the reaper's pauses, which double from fifteen seconds on.</summary>
    private static readonly TimeSpan TriedWithin = TimeSpan.FromMinutes(3);

    /// <summary>The host's clock goes on by so much while it is down, as if nobody had started it again for that long.</summary>
    private static readonly TimeSpan Down = TimeSpan.FromMinutes(8);

    public static IEnumerable<FaultCase> Cases() =>
    [
        new(
            "revoke",
            "revoke-swallowed",
            "no deletion is done for ten minutes of the host's clock, though each is answered as if it were; for eight of them the host is down",
            Outcome.Complete with { Code = FaultCodes.RevokeUnproven },
            SwallowedAsync),
    ];

    private static async Task<JsonNode> SwallowedAsync(FaultScene scene)
    {
        // "Not found" is what an answer of a deletion that was done looks like; nothing was.
        await scene.FaultAsync("(rolebindings|serviceaccounts)/cf-", ApiAnswers.Status(404), "DELETE");
        var doomed = await scene.StartHostAsync();
        await scene.OrderAsync();
        var unproven = await scene.WhenEndedAsync(GivenUpWithin);
        Assert.Equal("revokeUnproven", unproven["status"]!.GetValue<string>());
        Assert.False((await scene.Api.ManifestAsync(scene.Id)).Revocation!.Proven);
        Assert.Equal(2, (await scene.LeftOversAsync()).Count);
        await doomed.KillAsync();

        var again = await scene.StartWithinAsync(null, ("FAULTHOST_CLOCK", Down.ToString("c")));
        var tried = await Until.FoundAsync("the reaper has tried", TriedWithin, async () =>
            await scene.Api.GetAsync(scene.Id) is var seen && seen["reaper"] is { } reaper && reaper["count"]!.GetValue<int>() > 0 ? seen : null);
        Assert.Equal("revokeUnproven", tried["status"]!.GetValue<string>());
        Assert.Contains("exists", tried["reaper"]!["lastAnswer"]!.GetValue<string>(), StringComparison.Ordinal);
        var refusedFirst = (await scene.AskedAsync()).First(request => request.Fault.Length > 0).Time;
        Assert.True(TimeProvider.System.GetUtcNow() + Down - refusedFirst > TimeSpan.FromMinutes(10), "it was mended too early");
        await scene.MendAsync();
        var proven = await Until.FoundAsync("the reaper has proven it", TriedWithin, async () =>
            await scene.Api.GetAsync(scene.Id) is var seen && seen["status"]!.GetValue<string>() != "revokeUnproven" ? seen : null);
        Assert.NotNull(proven["reaper"]!["provenAt"]);
        var revoked = CustodyChain.Read(scene.Id, await scene.Api.LogAsync(scene.Id)).Entries.Select(entry => entry.Entry).Where(entry => entry.Event == "revoked").ToList();
        Assert.Equal(["false", "true"], revoked.Select(entry => entry.Facts["proven"]));
        Assert.Contains($"The rights of capture {scene.Id} are not proven gone for", again.Log, StringComparison.Ordinal);
        return proven;
    }
}
