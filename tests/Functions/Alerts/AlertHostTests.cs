using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>The alert route of a running host, from the sender's call to the capture.</summary>
public sealed class AlertHostTests(ITestOutputHelper output) : IDisposable
{
    private const string Route = "/api/alerts/alertmanager/shop";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-alerts-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Firing_OnePod_CaptureOfItWithWhoAndWhy()
    {
        await using var host = await StartAsync();

        var (status, answer) = await host.PostAsync(Route, Samples.Bytes("alertmanager/firing"));
        var id = answer["started"]![0]!["captureId"]!.GetValue<string>();
        var ended = await host.WhenEndedAsync(id);
        using var manifest = await host.Http.GetAsync(new Uri($"/api/captures/{id}/manifest", UriKind.Relative));

        Assert.Equal((HttpStatusCode.Accepted, "shop/web-0"), (status, answer["started"]![0]!["target"]!.GetValue<string>()));
        Assert.Equal("completed", ended["status"]!.GetValue<string>());
        var order = JsonNode.Parse(await manifest.Content.ReadAsStringAsync())!["plan"]!["order"]!;
        Assert.Equal(("alert:shop", "alertmanager alert: HighErrorRate"), (order["requestedBy"]!.GetValue<string>(), order["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Grouped_PodsAndWorkload_OneCaptureEachUpToTheLimitAndTheRestSaid()
    {
        await using var host = await StartAsync(("CaptureFlow:Alerts:Bindings:shop:MaxCapturesPerCall", "2"), ("CaptureFlow:Alerts:Bindings:shop:Target:MaxPods", "4"));

        var (_, answer) = await host.PostAsync(Route, Samples.Bytes("alertmanager/grouped"));
        var (_, again) = await host.PostAsync(Route, Samples.Bytes("alertmanager/grouped"));
        await host.WhenEndedAsync(again["started"]![0]!["captureId"]!.GetValue<string>());

        Assert.Equal(["shop/web-0", "shop/web-1"], answer["started"]!.AsArray().Select(one => one!["target"]!.GetValue<string>()));
        Assert.Equal(["resolved 1", "over-limit 1"], Ignored(answer));
        // What was over the limit comes with the sender's next repetition.
        Assert.Equal(2, again["joined"]!.AsArray().Count);
        var fleet = (FleetOrder)Assert.Single(host.Site.Orders.Values, order => order is FleetOrder);
        Assert.Equal(new FleetTarget("shop", "deployment/web", null, null, 4), fleet.Target);
    }

    [Theory]
    [InlineData("resolved", "critical", "shop", "web-0", "resolved")]
    [InlineData("firing", "warning", "shop", "web-0", "not-matched")]
    [InlineData("firing", "critical", "billing", "web-0", "namespace-not-allowed")]
    [InlineData("firing", "critical", "shop", "web-0; rm -rf /", "no-target")]
    [InlineData("firing", "critical", "shop", "../web", "no-target")]
    [InlineData("firing", "critical", "shop\n-w", "web-0", "no-target")]
    [InlineData("firing", "critical", "", "web-0", "no-target")]
    public async Task Alert_ThatOrdersNothing_IsASuccessThatSaysWhy(string state, string severity, string space, string pod, string why)
    {
        await using var host = await StartAsync();

        var (status, answer) = await host.PostAsync(Route, Message(Alert(0, state, severity, space, pod)));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal([$"{why} 1"], Ignored(answer));
        Assert.Empty(await host.CapturesAsync());
        Assert.DoesNotContain("rm -rf", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storm_ThousandAlertsInOneBody_OneCaptureAndTheRestCounted()
    {
        await using var host = await StartAsync();
        var storm = Message([.. Enumerable.Range(0, 1_000).Select(i => Alert(i, pod: "web-0"))]);

        var clock = System.Diagnostics.Stopwatch.StartNew();
        var (status, answer) = await host.PostAsync(Route, storm);
        output.WriteLine($"{storm.Length} bytes answered after {clock.ElapsedMilliseconds} ms");

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(1_000, Assert.Single(answer["started"]!.AsArray())!["alerts"]!.GetValue<int>());
        await host.WhenEndedAsync(answer["started"]![0]!["captureId"]!.GetValue<string>());
        Assert.Single(await host.CapturesAsync());
        Assert.Contains("1000 alerts, 1000 started", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storm_ThousandCallsWithAnAlertEach_OneCapture()
    {
        await using var host = await StartAsync();

        long slowest = 0;
        var answers = new System.Collections.Concurrent.ConcurrentBag<JsonNode>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 1_000), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var clock = System.Diagnostics.Stopwatch.StartNew();
            var (status, answer) = await host.PostAsync(Route, Message(Alert(i, pod: "web-0")));
            InterlockedMax(ref slowest, clock.ElapsedMilliseconds);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.Accepted, $"{status} {answer}");
            answers.Add(answer);
        });

        output.WriteLine($"answers took at most {slowest} ms");
        var id = Assert.Single(answers.SelectMany(answer => answer["started"]!.AsArray()))!["captureId"]!.GetValue<string>();
        var others = answers.SelectMany(answer => answer["ignored"]!.AsArray()).ToList();
        Assert.Equal(999, others.Count);
        Assert.All(others, other => Assert.Equal(("cool-down", id), (other!["why"]!.GetValue<string>(), other["captureId"]!.GetValue<string>())));
        await host.WhenEndedAsync(id);
        Assert.Equal([id], await host.CapturesAsync());
    }

    [Fact]
    public async Task Same_TenCallsAtOnce_OneStartsAndNineJoin()
    {
        await using var host = await StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.PostAsync(Route, Samples.Bytes("alertmanager/firing"))));

        var started = Assert.Single(answers.SelectMany(answer => answer.Body["started"]!.AsArray()))!["captureId"]!.GetValue<string>();
        var joined = answers.SelectMany(answer => answer.Body["joined"]!.AsArray()).Select(one => one!["captureId"]!.GetValue<string>()).ToList();
        Assert.Equal(Enumerable.Repeat(started, 9), joined);
        await host.WhenEndedAsync(started);
        Assert.Equal([started], await host.CapturesAsync());
    }

    [Fact]
    public async Task CoolDown_OverARestart_HoldsAndThenEnds()
    {
        string first;
        await using (var host = await StartAsync("00:00:08"))
        {
            first = (await host.PostAsync(Route, Message(Alert(1, pod: "web-0")))).Body["started"]![0]!["captureId"]!.GetValue<string>();
            await host.WhenEndedAsync(first);
        }

        await using var next = await StartAsync("00:00:08");
        var (_, cooling) = await next.PostAsync(Route, Message(Alert(2, pod: "web-0")));
        // Another target has a cool-down of its own.
        var (_, other) = await next.PostAsync(Route, Message(Alert(2, pod: "web-1")));
        var second = await AlertHost.UntilAsync("the cool-down ends", async () =>
            (await next.PostAsync(Route, Message(Alert(2, pod: "web-0")))).Body["started"]!.AsArray() is [{ } started] ? started : null);
        var (_, repeated) = await next.PostAsync(Route, Message(Alert(1, pod: "web-0")));

        Assert.Equal(["cool-down 1"], Ignored(cooling));
        Assert.Single(other["started"]!.AsArray());
        Assert.NotEqual(first, second["captureId"]!.GetValue<string>());
        // The first alert, still firing and repeated by its sender, has had its capture.
        Assert.Equal(first, repeated["joined"]![0]!["captureId"]!.GetValue<string>());
    }

    [Fact]
    public async Task CoolDown_OfARefusedOrder_IsNone()
    {
        await using var host = await StartAsync();
        var first = (await host.PostAsync(Route, Message(Alert(1, pod: "refused")))).Body["started"]![0]!["captureId"]!.GetValue<string>();
        Assert.Equal("refused", (await host.WhenEndedAsync(first))["status"]!.GetValue<string>());

        var second = await AlertHost.UntilAsync("the next alert orders anew", async () =>
            (await host.PostAsync(Route, Message(Alert(2, pod: "refused")))).Body["started"]!.AsArray() is [{ } started] ? started : null);

        Assert.NotEqual(first, second["captureId"]!.GetValue<string>());
    }

    [Fact]
    public async Task Announced_CaptureThatHasNotBegun_IsPlanningAndCannotBeStoppedYet()
    {
        await using var host = await StartAsync();
        CaptureOrder order = new("cf-0000000000000007", new("shop", "web-7"), new(TimeSpan.FromSeconds(1), 256, 1 << 20), null, "alert:shop", "an alert", TimeProvider.System.GetUtcNow());
        // As between a sender's answer and the first step of what it started, for as long as this test takes.
        await host.Orchestrations.ScheduleNewOrchestrationInstanceAsync(
            nameof(AlertTargetOrchestratorV2),
            new AlertOrder(order, null, TimeSpan.FromMinutes(10)),
            new StartOrchestrationOptions(AlertOrder.InstanceIdOf("shop/web-7"), TimeProvider.System.GetUtcNow().AddHours(1)));

        var view = JsonNode.Parse(await host.Http.GetStringAsync(new Uri($"/api/captures/{order.CaptureId}", UriKind.Relative)))!;
        using var stopped = await host.Http.PostAsync(new Uri($"/api/captures/{order.CaptureId}/stop", UriKind.Relative), null);
        using var unknown = await host.Http.GetAsync(new Uri("/api/captures/cf-0000000000000008", UriKind.Relative));

        Assert.Equal(("planning", "web-7"), (view["status"]!.GetValue<string>(), view["order"]!["target"]!["pod"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.NotFound), (stopped.StatusCode, unknown.StatusCode));
    }

    [Theory]
    [InlineData("/api/alerts/alertmanager/shop", "a-wrong-secret-of-the-tests", HttpStatusCode.Unauthorized, "alert-refused")]
    [InlineData("/api/alerts/alertmanager/shop", null, HttpStatusCode.Unauthorized, "alert-refused")]
    [InlineData("/api/alerts/alertmanager/nosuch", AlertHost.Secret, HttpStatusCode.Unauthorized, "alert-refused")]
    [InlineData("/api/alerts/nosuch/shop", "a-wrong-secret-of-the-tests", HttpStatusCode.Unauthorized, "alert-refused")]
    [InlineData("/api/alerts/grafana/shop", AlertHost.Secret, HttpStatusCode.NotFound, "alert-refused")]
    public async Task Call_NotAccepted_SaysNoMoreThanThat(string path, string? secret, HttpStatusCode expected, string code)
    {
        await using var host = await StartAsync();

        var (status, problem) = await host.PostAsync(path, Samples.Bytes("alertmanager/firing"), secret);

        Assert.Equal((expected, code), (status, problem["code"]!.GetValue<string>()));
        Assert.Empty(await host.CapturesAsync());
        Assert.DoesNotContain("wrong-secret", host.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(AlertHost.Secret, host.Log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", 400)]
    [InlineData("", 400)]
    [InlineData("[]", 400)]
    [InlineData("""{"version":"4"}""", 400)]
    [InlineData("""{"version":"4","version":"4","alerts":[]}""", 400)]
    public async Task Message_Unreadable_400WithoutItsContent(string message, int expected)
    {
        await using var host = await StartAsync();

        var (status, problem) = await host.PostAsync(Route, System.Text.Encoding.UTF8.GetBytes(message));

        Assert.Equal((expected, "alert-invalid"), ((int)status, problem["code"]!.GetValue<string>()));
        Assert.Contains("cannot be read", host.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Message_WithAByteOrderMarkAndCountsBeyondAnyBound_IsRead()
    {
        await using var host = await StartAsync();
        byte[] message = [0xef, 0xbb, 0xbf, .. Message(Alert(1, pod: "web-0"))];
        var text = System.Text.Encoding.UTF8.GetString(message).Replace("\"alerts\":", "\"truncatedAlerts\":2147483647,\"alerts\":", StringComparison.Ordinal);

        var (status, answer) = await host.PostAsync(Route, System.Text.Encoding.UTF8.GetBytes(text));

        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(2_147_483_648, answer["counts"]!["alerts"]!.GetValue<long>());
        Assert.Equal(["truncated 2147483647"], Ignored(answer));
        await host.WhenEndedAsync(answer["started"]![0]!["captureId"]!.GetValue<string>());
    }

    private Task<AlertHost> StartAsync(params (string Key, string Value)[] settings) => StartAsync("00:10:00", settings);

    private Task<AlertHost> StartAsync(string coolDown, params (string Key, string Value)[] settings)
    {
        var all = AlertHost.Binding(coolDown);
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        return AlertHost.StartAsync(_folder.FullName, all);
    }

    private static IEnumerable<string> Ignored(JsonNode answer) => answer["ignored"]!.AsArray().Select(one => $"{one!["why"]!.GetValue<string>()} {one["alerts"]!.GetValue<int>()}");

    private static object Alert(int number, string state = "firing", string severity = "critical", string space = "shop", string pod = "web-0") => new
    {
        status = state,
        labels = new { alertname = "HighErrorRate", severity, @namespace = space, pod, instance = $"{number}" },
        startsAt = $"2026-03-04T12:{number / 60 % 60:00}:{number % 60:00}Z",
        endsAt = "0001-01-01T00:00:00Z",
        fingerprint = $"{number:x16}",
    };

    private static void InterlockedMax(ref long most, long value)
    {
        for (var seen = Volatile.Read(ref most); value > seen; seen = Volatile.Read(ref most))
        {
            Interlocked.CompareExchange(ref most, value, seen);
        }
    }

    private static byte[] Message(params object[] alerts) => JsonSerializer.SerializeToUtf8Bytes(new { version = "4", status = "firing", alerts });
}
