using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Access;

/// <summary>Captures in line before a host with quotas, on the sandbox.</summary>
public sealed class QuotaTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private static readonly Dictionary<string, string> People = new() { ["alice"] = "all", ["mallory"] = "all" };

    [Fact]
    public async Task Queue_ThreeForOnePlace_EndInTheirOrderWithTheirPlacesShown()
    {
        await using var host = await StartAsync(("PerNamespace__Concurrent", "1"));
        var first = await host.OrderAsync("alice", duration: "10m");
        await host["alice"].WhenAsync(first, "capturing");
        var second = await host.OrderAsync("alice");
        await PlaceAsync(host, second, 1);
        var third = await host.OrderAsync("alice");
        var waiting = await PlaceAsync(host, third, 2);

        await host["alice"].PostAsync($"/api/captures/{first}/stop");
        var ended = new List<JsonNode>();
        foreach (var id in (string[])[first, second, third])
        {
            ended.Add(await host["alice"].WhenEndedAsync(id));
        }

        Assert.Contains("concurrent captures in namespace 'shop' (1 of 1)", waiting["progress"]!["queue"]!["waitsFor"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.All(ended, capture => Assert.Equal("completed", capture["status"]!.GetValue<string>()));
        var times = ended.Select(capture => capture["progress"]!["timeline"]!.AsArray()).Select(steps => (
            Granted: At(steps, CaptureSteps.GrantPermission, "startedAt"), Revoked: At(steps, CaptureSteps.RevokePermission, "endedAt"))).ToList();
        Assert.True(times[0].Revoked <= times[1].Granted && times[1].Revoked <= times[2].Granted, string.Join('\n', times));
    }

    [Fact]
    public async Task Queue_HostKilledMeanwhile_LineAndOrderAreKept()
    {
        await using var host = await PeopleHost.StartAsync(
            fixture.Sandbox.CaptureFlowKubeconfig, People, new Dictionary<string, string> { ["Quotas__PerCluster__Concurrent"] = "1" }, killable: true);
        var first = await host.OrderAsync("alice", duration: "10m");
        await host["alice"].WhenAsync(first, "capturing");
        var second = await host.OrderAsync("mallory");
        await PlaceAsync(host, second, 1);
        var third = await host.OrderAsync("alice");
        await PlaceAsync(host, third, 2);

        await host.KillAndStartAsync();
        await PlaceAsync(host, third, 2);
        await host["alice"].PostAsync($"/api/captures/{first}/stop");
        var ended = new[] { await host["alice"].WhenEndedAsync(first), await host["alice"].WhenEndedAsync(second), await host["alice"].WhenEndedAsync(third) };

        Assert.All(ended, capture => Assert.Equal("completed", capture["status"]!.GetValue<string>()));
        var granted = ended.Select(capture => At(capture["progress"]!["timeline"]!.AsArray(), CaptureSteps.GrantPermission, "startedAt")).ToList();
        Assert.Equal(granted.Order(), granted);
    }

    [Fact]
    public async Task Queue_FloodOfOneCaller_AnotherIsServedMeanwhile()
    {
        await using var host = await StartAsync(("PerCaller__Concurrent", "1"), ("PerCluster__Concurrent", "2"));
        List<string> flood = [await host.OrderAsync("mallory", duration: "10m")];
        await host["mallory"].WhenAsync(flood[0], "capturing");
        for (var i = 0; i < 4; i++)
        {
            flood.Add(await host.OrderAsync("mallory", duration: "10m"));
        }

        foreach (var id in flood.Skip(1))
        {
            await host["mallory"].WhenAsync(id, "queued");
        }

        var other = await host.OrderAsync("alice", "web");
        var ended = await host["alice"].WhenEndedAsync(other);

        Assert.Equal("completed", ended["status"]!.GetValue<string>());
        foreach (var id in flood.Skip(1))
        {
            Assert.Equal("queued", (await host["mallory"].GetAsync(id))["status"]!.GetValue<string>());
            await host["mallory"].PostAsync($"/api/captures/{id}/cancel");
            Assert.Equal("cancelled", (await host["mallory"].WhenEndedAsync(id))["status"]!.GetValue<string>());
        }

        await host["mallory"].PostAsync($"/api/captures/{flood[0]}/cancel");
        Assert.Equal("cancelled", (await host["mallory"].WhenEndedAsync(flood[0]))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Refuse_BytesOfTheDayUsedUp_RefusedWithTheQuotaAndWhenItFrees()
    {
        await using var host = await StartAsync(("PerCaller__BytesPerDay", "1024"), ("WhenOver", "Refuse"));

        var id = await host.OrderAsync("alice");
        var ended = await host["alice"].WhenEndedAsync(id);

        var fault = ended["faults"]![0]!;
        Assert.Equal(("refused", FaultCodes.QuotaExceeded), (ended["status"]!.GetValue<string>(), fault["code"]!.GetValue<string>()));
        Assert.Contains("CaptureFlow:Quotas:PerCaller:BytesPerDay", fault["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fleet_OverThePlacesThatThereAre_WaitsAsAWhole()
    {
        await using var host = await StartAsync(("PerCluster__Concurrent", "2"));
        var first = await host.OrderAsync("alice", duration: "10m");
        await host["alice"].WhenAsync(first, "capturing");

        var fleet = await host["alice"].OrderAsync(new { target = new { @namespace = "shop", selector = "app in (web, client)" }, window = new { duration = "1s" } });
        var waiting = await host["alice"].WhenAsync(fleet, "queued");
        await host["alice"].PostAsync($"/api/captures/{first}/stop");
        var ended = await host["alice"].WhenEndedAsync(fleet);

        Assert.Empty(waiting["members"]!.AsArray());
        Assert.Equal("completed", ended["status"]!.GetValue<string>());
        Assert.All(ended["members"]!.AsArray(), member => Assert.Equal("completed", member!["status"]!.GetValue<string>()));
    }

    private Task<PeopleHost> StartAsync(params IEnumerable<(string Name, string Value)> quotas) => PeopleHost.StartAsync(
        fixture.Sandbox.CaptureFlowKubeconfig, People, quotas.ToDictionary(quota => $"Quotas__{quota.Name}", quota => quota.Value));

    private static Task<JsonNode> PlaceAsync(PeopleHost host, string id, int place) => Until.FoundAsync(
        $"{id} has place {place}",
        Until.Patience,
        async () => await host["alice"].GetAsync(id) is var capture && capture["progress"]?["queue"]?["place"]?.GetValue<int>() == place ? capture : null);

    private static DateTimeOffset At(JsonArray steps, string step, string time) =>
        steps.Single(record => record!["step"]!.GetValue<string>() == step)![time]!.GetValue<DateTimeOffset>();
}
