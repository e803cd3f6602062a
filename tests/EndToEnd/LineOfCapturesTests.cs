using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>More captures at once than may run: ten places, and a line twice as long. The big brother is <c>bench CaptureRuns load</c>.</summary>
public sealed class LineOfCapturesTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const int AtOnce = 10;
    private const int Waiting = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task Order_ThirtyForTenPlaces_NoneIsLostAndTheFirstToComeAreTheFirstServed()
    {
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(
            state.Path, fixture.Sandbox.CaptureFlowKubeconfig, new Dictionary<string, string> { ["CaptureFlow__Quotas__PerCluster__Concurrent"] = $"{AtOnce}" });

        List<string> ids = [];
        for (var i = 0; i < AtOnce + Waiting; i++)
        {
            ids.Add(await host.Api.OrderAsync(new { target = new { pod = i % 2 == 0 ? "shop/web" : "shop/client" }, window = new { duration = "5s" } }));
        }

        await host.Api.WhenAsync(ids[^1], "queued");
        List<JsonNode> ended = [];
        foreach (var id in ids)
        {
            ended.Add(await host.Api.WhenEndedAsync(id, Patience));
        }

        Assert.All(ended, capture => Assert.True(
            (Text(capture["status"]), Text(capture["verdict"]), capture["revocation"]?["proven"]?.GetValue<bool>()) == ("completed", "Complete", true), $"{capture}\n{host.Log}"));
        var places = ended.Select(Held).OrderBy(place => place.Asked).ToList();
        Assert.True(MostAtOnce(places) <= AtOnce, string.Join('\n', places));

        // A busy host may hear of one a little later than of the next, and they are let in by tens: the last ten come after all of the first ten.
        Assert.True(places.Take(AtOnce).Max(place => place.LetIn) < places.TakeLast(AtOnce).Min(place => place.LetIn), string.Join('\n', places));
        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
        Assert.Equal(ids.Count, Directory.EnumerateFiles(state.Path, "*.pcap", SearchOption.AllDirectories).Count());
    }

    /// <summary>When a capture stood in line, was let in, and had given its rights back.</summary>
    private static (DateTimeOffset Asked, DateTimeOffset LetIn, DateTimeOffset Left) Held(JsonNode capture)
    {
        var steps = capture["progress"]!["timeline"]!.AsArray();
        return (At(CaptureSteps.AwaitAdmission, "startedAt"), At(CaptureSteps.AwaitAdmission, "endedAt"), At(CaptureSteps.RevokePermission, "endedAt"));

        DateTimeOffset At(string step, string time) => steps.Single(record => Text(record!["step"]) == step)![time]!.GetValue<DateTimeOffset>();
    }

    private static int MostAtOnce(IReadOnlyList<(DateTimeOffset Asked, DateTimeOffset LetIn, DateTimeOffset Left)> places) =>
        places.Max(place => places.Count(other => other.LetIn <= place.LetIn && place.LetIn < other.Left));

    private static string? Text(JsonNode? node) => node?.GetValue<string>();
}
