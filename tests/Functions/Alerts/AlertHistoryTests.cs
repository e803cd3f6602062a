using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Functions.Alerts.History;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>What an alert did is seen, on a running host.</summary>
public sealed class AlertHistoryTests : IDisposable
{
    private const string Route = "/api/alerts/alertmanager/shop";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-history-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task List_AfterCalls_EachWithWhatItCameToAndTheCaptureLinksBack()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());
        await host.PostAsync(Route, Samples.Bytes("alertmanager/resolved"));
        var (_, started) = await host.PostAsync(Route, Samples.Bytes("alertmanager/firing"));
        await host.PostAsync(Route, Samples.Bytes("alertmanager/firing"));
        await host.PostAsync(Route, Message("critical", "web-0", "another"));
        await host.PostAsync(Route, Message("warning", "web-1", "third"));
        await host.PostAsync(Route, "{"u8.ToArray());
        var id = started["started"]![0]!["captureId"]!.GetValue<string>();

        var all = Binding(await ListAsync(host, ""));
        var view = await host.WhenEndedAsync(id);
        var link = view["links"]!["alert"]!.GetValue<string>();
        var linked = Binding(JsonNode.Parse(await host.Http.GetStringAsync(new Uri(link, UriKind.Relative)))!);

        Assert.Equal(
            ["unreadable", "not-matched", $"cool-down {id}", $"joined {id}", $"started {id}", "resolved"],
            Calls(all));
        Assert.Equal($"/api/alerts?binding=shop&capture={id}", link);
        Assert.Equal([$"cool-down {id}", $"joined {id}", $"started {id}"], Calls(linked));
        var outcomes = all["calls"]!.AsArray().Select(call => call!["outcomes"]![0]!).ToList();
        Assert.Contains("'warning'", outcomes[1]["detail"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(outcomes[4]["coolDownUntil"]!.GetValue<string>(), outcomes[2]["coolDownUntil"]!.GetValue<string>());
        Assert.Equal(("alertmanager", "PT10M", 3), (all["source"]!.GetValue<string>(), all["coolDown"]!.GetValue<string>(), all["maxCapturesPerCall"]!.GetValue<int>()));
    }

    [Fact]
    public async Task List_AfterAWrongSecret_CountsItAndKeepsNothingOfIt()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());

        await host.PostAsync(Route, Samples.Bytes("alertmanager/firing"), "a-wrong-secret-of-the-tests");
        await host.PostAsync("/api/alerts/alertmanager/nosuch", Samples.Bytes("alertmanager/firing"));
        var list = await ListAsync(host, "");

        Assert.Equal((1, 0), (Binding(list)["refused"]!.GetValue<int>(), Binding(list)["calls"]!.AsArray().Count));
        Assert.DoesNotContain("wrong-secret", list.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(AlertHost.Secret, list.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_OfOneBinding_OverARestart_IsStillThere()
    {
        var settings = AlertHost.Binding().Concat(AlertHost.Binding(name: "other")).ToDictionary();
        await using (var host = await AlertHost.StartAsync(_folder.FullName, settings))
        {
            await host.PostAsync("/api/alerts/alertmanager/other", Samples.Bytes("alertmanager/resolved"));
        }

        await using var next = await AlertHost.StartAsync(_folder.FullName, settings);
        var list = await ListAsync(next, "?binding=other");

        Assert.Equal("other", Binding(list)["name"]!.GetValue<string>());
        Assert.Equal(["resolved"], Calls(Binding(list)));
        Assert.Equal(2, (await ListAsync(next, ""))["bindings"]!.AsArray().Count);
    }

    [Fact]
    public async Task Forget_AfterSevenDays_NothingIsLeftOfIt()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());
        await host.PostAsync(Route, Samples.Bytes("alertmanager/resolved"));
        await AlertHost.UntilAsync("the call is remembered", async () => await RememberedAsync(host, completed: true) == 1 ? "so" : null);

        await AlertHistory.ForgetAsync(host.Orchestrations, TimeProvider.System.GetUtcNow().AddDays(6.9), CancellationToken.None);
        Assert.Equal(1, await RememberedAsync(host, completed: false));
        await AlertHistory.ForgetAsync(host.Orchestrations, TimeProvider.System.GetUtcNow().AddDays(7.1), CancellationToken.None);

        Assert.Equal(0, await RememberedAsync(host, completed: false));
    }

    [Fact]
    public void Budget_OfAnHour_CountsWhatIsBeyondItAndSaysSoAfterwards()
    {
        CallBudget budget = new(2);
        var noon = new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

        long?[] taken = [budget.TryTake(noon), budget.TryTake(noon), budget.TryTake(noon), budget.TryTake(noon.AddMinutes(59)), budget.TryTake(noon.AddMinutes(60)), budget.TryTake(noon.AddMinutes(60))];

        Assert.Equal([0, 0, null, null, 2, 0], taken);
    }

    private static async Task<int> RememberedAsync(AlertHost host, bool completed)
    {
        var count = 0;
        await foreach (var instance in host.Orchestrations.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = AlertCall.InstancePrefix }))
        {
            count += !completed || instance.IsCompleted ? 1 : 0;
        }

        return count;
    }

    private static async Task<JsonNode> ListAsync(AlertHost host, string query) => JsonNode.Parse(await host.Http.GetStringAsync(new Uri($"/api/alerts{query}", UriKind.Relative)))!;

    private static JsonNode Binding(JsonNode list) => list["bindings"]![0]!;

    private static IEnumerable<string> Calls(JsonNode binding) => binding["calls"]!.AsArray()
        .Select(call => $"{call!["outcomes"]![0]!["what"]!.GetValue<string>()} {call["outcomes"]![0]!["captureId"]?.GetValue<string>()}".TrimEnd());

    private static byte[] Message(string severity, string pod, string fingerprint) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = "4",
        alerts = new[]
        {
            new { status = "firing", labels = new { alertname = "HighErrorRate", severity, @namespace = "shop", pod }, startsAt = "2026-03-04T12:30:00Z", fingerprint },
        },
    });
}
