using System.Text.Json.Nodes;
using CaptureFlow.Evidence;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>The host's clock is minutes from the API server's, which is the machine's: a capture is whole, and its times make sense.</summary>
internal static class Clocks
{
    private const string Group = "clocks";

    public static IEnumerable<FaultCase> Cases() =>
    [
        new(Group, "clock-ahead", "the host's clock is five minutes ahead of the API server's and the container's", Outcome.Complete, scene => ApartAsync(scene, TimeSpan.FromMinutes(5))),
        new(Group, "clock-behind", "the host's clock is five minutes behind the API server's and the container's", Outcome.Complete, scene => ApartAsync(scene, TimeSpan.FromMinutes(-5))),
    ];

    private static async Task<JsonNode> ApartAsync(FaultScene scene, TimeSpan skew)
    {
        await scene.StartWithinAsync(null, ("FAULTHOST_CLOCK", skew.ToString("c")));
        var before = TimeProvider.System.GetUtcNow();
        var capture = await scene.CaptureAsync();
        var after = TimeProvider.System.GetUtcNow();

        var manifest = await scene.Api.ManifestAsync(scene.Id);
        var grant = manifest.Grant!;
        // By the server's clock, whole seconds; all else by the host's.
        Assert.InRange(grant.GrantedAt, before.AddSeconds(-1), after);
        Assert.InRange(grant.ExpiresAt - grant.GrantedAt, manifest.Plan.GrantLifetime - TimeSpan.FromSeconds(5), manifest.Plan.GrantLifetime + TimeSpan.FromSeconds(5));
        Assert.InRange((grant.ClusterAhead!.Value + skew).Duration(), TimeSpan.Zero, TimeSpan.FromSeconds(2));
        Assert.InRange(manifest.Tap!.ListeningAt - skew, before, after);
        var times = CustodyChain.Read(scene.Id, await scene.Api.LogAsync(scene.Id)).Entries.Select(entry => entry.Entry.At - skew).ToList();
        Assert.All(times, at => Assert.InRange(at, before.AddSeconds(-3), after.AddSeconds(3)));
        // The server tells whole seconds: that much the order may be off by.
        Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Second > pair.First - TimeSpan.FromSeconds(3), $"{pair}"));
        return capture;
    }
}
