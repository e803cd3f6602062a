using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>What senders really send, from their call to the answer: storms, test buttons, envelopes, an odd alert among good ones.</summary>
public sealed class SenderTests : IDisposable
{
    private const string Alertmanager = "/api/alerts/alertmanager/shop";
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("captureflow-senders-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task AzurePrometheus_Fired_CaptureOfThePodOfItsLabels()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.BindingOf("azure-monitor", "functionKey", "label.namespace", "label.pod"));
        var route = $"/api/alerts/azure-monitor/shop?code={AlertHost.Secret}";

        var (status, answer) = await host.PostAsync(route, Samples.Bytes("azure-monitor/prometheus-fired"), null);
        var (after, resolved) = await host.PostAsync(route, Samples.Bytes("azure-monitor/prometheus-resolved"), null);
        var ended = await host.WhenEndedAsync(Id(answer));

        Assert.Equal((HttpStatusCode.Accepted, "shop/web-0"), (status, answer["started"]![0]!["target"]!.GetValue<string>()));
        Assert.Equal("azure-monitor alert: KubePodCrashLooping", ended["order"]!["reason"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.OK, "resolved"), (after, Assert.Single(Ignored(resolved))));
    }

    [Theory]
    [InlineData("azure-monitor/test-activity-log")]
    [InlineData("azure-monitor/null-lists")]
    public async Task Azure_TestAction_IsASuccessWithoutATarget(string sample)
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.BindingOf("azure-monitor", "functionKey", "label.namespace", "label.pod"));

        var (status, answer) = await host.PostAsync($"/api/alerts/azure-monitor/shop?code={AlertHost.Secret}", Samples.Bytes(sample), null);

        Assert.Equal((HttpStatusCode.OK, "no-target"), (status, Assert.Single(Ignored(answer))));
        Assert.Equal("There is no label 'label.namespace' to name the namespace.", answer["ignored"]![0]!["detail"]!.GetValue<string>());
        Assert.Empty(await host.CapturesAsync());
    }

    [Fact]
    public async Task Azure_TestActionAtABindingOfAFixedWorkload_StartsNothingAndSaysWhatItWould()
    {
        var settings = AlertHost.BindingOf("azure-monitor", "functionKey", "unused", "unused");
        const string target = "CaptureFlow:Alerts:Bindings:shop:Target";
        (settings[$"{target}:NamespaceLabel"], settings[$"{target}:Namespaces:0"], settings[$"{target}:PodLabel"]) = (null, null, null);
        (settings[$"{target}:Namespace"], settings[$"{target}:Workload"]) = ("shop", "deployment/web");
        await using var host = await AlertHost.StartAsync(_folder.FullName, settings);

        var (status, answer) = await host.PostAsync($"/api/alerts/azure-monitor/shop?code={AlertHost.Secret}", Samples.Bytes("azure-monitor/test-activity-log"), null);

        Assert.Equal((HttpStatusCode.OK, "not-firing"), (status, Assert.Single(Ignored(answer))));
        Assert.Equal(("start", "shop/deployment/web"), (answer["preview"]![0]!["would"]!.GetValue<string>(), answer["preview"]![0]!["target"]!.GetValue<string>()));
        Assert.Empty(await host.CapturesAsync());
    }

    [Fact]
    public async Task Google_ChannelsTest_StartsNothingAndSaysWhyNot()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.BindingOf("google-cloud", "queryToken", "resource.namespace_name", "resource.pod_name"));

        var (status, answer) = await host.PostAsync($"/api/alerts/google-cloud/shop?auth_token={AlertHost.Secret}", Samples.Bytes("google-cloud/test"), null);

        Assert.Equal((HttpStatusCode.OK, "not-firing"), (status, Assert.Single(Ignored(answer))));
        Assert.Equal(
            ("no-target", "There is no label 'resource.namespace_name' to name the namespace."),
            (answer["preview"]![0]!["would"]!.GetValue<string>(), answer["preview"]![0]!["detail"]!.GetValue<string>()));
        Assert.Empty(await host.CapturesAsync());
    }

    [Fact]
    public async Task Google_PubSubPush_AuthenticatedByItsTokenAndTakenOutOfItsEnvelope()
    {
        await using var google = await SignInService.StartAsync();
        var settings = AlertHost.BindingOf("google-cloud", "google", "resource.namespace_name", "resource.pod_name");
        settings["CaptureFlow:Alerts:Bindings:shop:Authentication:ServiceAccount"] = GoogleTokenTests.Account;
        settings["CaptureFlow:Alerts:Bindings:shop:Authentication:Audience"] = GoogleTokenTests.Audience;
        settings["CaptureFlow:Alerts:Bindings:shop:Authentication:Authority"] = google.Authority;
        await using var host = await AlertHost.StartAsync(_folder.FullName, settings);
        string Token(string account) => google.Sign(google.Authority, GoogleTokenTests.Audience, GoogleTokenTests.Claims(account));

        var (status, answer) = await host.PostAsync("/api/alerts/google-cloud/shop", Samples.Bytes("google-cloud/pubsub"), Token(GoogleTokenTests.Account));
        var (again, unwrapped) = await host.PostAsync("/api/alerts/google-cloud/shop", Samples.Bytes("google-cloud/pubsub-unwrapped"), Token(GoogleTokenTests.Account));
        var (stranger, _) = await host.PostAsync("/api/alerts/google-cloud/shop", Samples.Bytes("google-cloud/pubsub"), Token("somebody@other.iam.gserviceaccount.com"));
        await host.WhenEndedAsync(Id(answer));

        Assert.Equal((HttpStatusCode.Accepted, "shop/web-0"), (status, answer["started"]![0]!["target"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode.OK, Id(answer)), (again, unwrapped["joined"]![0]!["captureId"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Unauthorized, stranger);
    }

    [Theory]
    [InlineData("datadog/manual-event", "not-firing")]
    [InlineData("datadog/literal-variables", "not-firing")]
    [InlineData("datadog/test-notification", "not-firing")]
    [InlineData("datadog/warn-recovered", "resolved")]
    public async Task Datadog_WhatNoMonitorFires_IsASuccess(string sample, string why)
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.BindingOf("datadog", "bearer", "kube_namespace", "pod_name"));

        var (status, answer) = await host.PostAsync("/api/alerts/datadog/shop", Samples.Bytes(sample));

        Assert.Equal((HttpStatusCode.OK, why), (status, Assert.Single(Ignored(answer))));
        Assert.Empty(await host.CapturesAsync());
    }

    [Theory]
    [InlineData("alertmanager/without-fingerprint", 3, null)]
    [InlineData("alertmanager/another-status", 1, "not-firing")]
    [InlineData("alertmanager/null-label", 1, "no-target")]
    public async Task Group_WithAnOddAlert_CapturesOfTheOthersAndTheOddOneCounted(string sample, int started, string? why)
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());

        var (status, answer) = await host.PostAsync(Alertmanager, Samples.Bytes(sample));
        await EndedAsync(host, answer);

        Assert.Equal((HttpStatusCode.Accepted, started), (status, answer["started"]!.AsArray().Count));
        Assert.Equal(why is null ? [] : [why], Ignored(answer));
    }

    [Fact]
    public async Task Storm_ThousandLongAlertsOfTwentyPods_WhatTheBindingAllowsIsTakenAndTheRestCounted()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());
        var storm = Storm(1_000);

        var (status, answer) = await host.PostAsync(Alertmanager, storm);
        await EndedAsync(host, answer);

        Assert.InRange(storm.Length, 800_000, 2_000_000);
        Assert.Equal((HttpStatusCode.Accepted, 3), (status, answer["started"]!.AsArray().Count));
        Assert.Equal((1_041, 150, 891), (Count(answer, "alerts"), Count(answer, "started"), Count(answer, "ignored")));
        Assert.Equal(18, answer["ignored"]!.AsArray().Count);
        Assert.Equal(("truncated", 41), (answer["ignored"]![0]!["why"]!.GetValue<string>(), answer["ignored"]![0]!["alerts"]!.GetValue<int>()));
    }

    [Fact]
    public async Task Storm_BeyondWhatIsRead_SaysTheSendersSetting()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());

        var (status, problem) = await host.PostAsync(Alertmanager, new byte[(8 * 1024 * 1024) + 1]);
        var (stranger, _) = await host.PostAsync(Alertmanager, new byte[500 * 1024], "a-wrong-secret-of-the-tests");

        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "alert-invalid"), (status, problem["code"]!.GetValue<string>()));
        Assert.Contains("max_alerts", problem["errors"]![0]!["remedy"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, stranger);
    }

    [Fact]
    public async Task Trial_OfAMessage_SaysWhatItWouldComeToAndStartsNothing()
    {
        await using var host = await AlertHost.StartAsync(_folder.FullName, AlertHost.Binding());
        var grouped = Samples.Bytes("alertmanager/grouped");

        var (status, trial) = await host.PostAsync($"{Alertmanager}/test", grouped, null);
        Assert.Empty(await host.CapturesAsync());
        var (_, answer) = await host.PostAsync(Alertmanager, grouped);
        var (_, after) = await host.PostAsync($"{Alertmanager}/test", grouped, null);
        await EndedAsync(host, answer);

        Assert.Equal((HttpStatusCode.OK, "shop"), (status, trial["binding"]!.GetValue<string>()));
        Assert.Equal(["start shop/web-0", "start shop/web-1", "start shop/deployment/web", "resolved "], Previews(trial));
        Assert.Equal(["join shop/web-0", "join shop/web-1", "join shop/deployment/web", "resolved "], Previews(after));
        Assert.Equal(3, (await host.CapturesAsync()).Count);
    }

    private static IEnumerable<string> Previews(JsonNode trial) =>
        trial["preview"]!.AsArray().Select(one => $"{one!["would"]!.GetValue<string>()} {one["target"]?.GetValue<string>()}");

    private static async Task EndedAsync(AlertHost host, JsonNode answer)
    {
        foreach (var one in answer["started"]!.AsArray())
        {
            await host.WhenEndedAsync(one!["captureId"]!.GetValue<string>());
        }
    }

    private static string Id(JsonNode answer) => answer["started"]![0]!["captureId"]!.GetValue<string>();

    private static IEnumerable<string> Ignored(JsonNode answer) => answer["ignored"]!.AsArray().Select(one => one!["why"]!.GetValue<string>());

    private static int Count(JsonNode answer, string what) => answer["counts"]![what]!.GetValue<int>();

    private static byte[] Storm(int alerts) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        version = "4",
        status = "firing",
        truncatedAlerts = 41,
        alerts = Enumerable.Range(0, alerts).Select(i => new
        {
            status = "firing",
            labels = new { alertname = "HighErrorRate", severity = "critical", @namespace = "shop", pod = $"web-{i % 20}", instance = $"10.0.0.{i % 250}:8080" },
            annotations = new { description = new string('x', 700) },
            startsAt = "2026-11-20T09:30:00.123Z",
            endsAt = "0001-01-01T00:00:00Z",
            fingerprint = $"{i:x16}",
        }),
    });
}
