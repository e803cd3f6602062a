using System.Text.Json;
using CaptureFlow.Functions.Alerts.Sources;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>What each source's messages are read as; the messages are in Samples/.</summary>
public sealed class AlertSourceTests
{
    /// <summary>Sample; what each of its alerts starts nothing for, or fires; and one label that tells the target.</summary>
    public static readonly TheoryData<string, string, string> Expected = new()
    {
        { "alertmanager/firing", "fires", "pod=web-0" },
        { "alertmanager/resolved", "resolved", "pod=web-0" },
        { "alertmanager/grouped", "fires,fires,resolved,fires", "namespace=shop" },
        { "alertmanager/truncated", "fires", "pod=web-0" },
        { "grafana/firing", "fires", "grafana_folder=shop" },
        { "grafana/resolved", "resolved", "pod=web-0" },
        { "grafana/grouped", "fires,fires", "namespace=shop" },
        { "grafana/no-data", "fires", "rulename=HighErrorRate" },
        { "azure-monitor/metric-fired", "fires", "dimension.controllerName=web" },
        { "azure-monitor/metric-resolved", "resolved", "severity=Sev1" },
        { "azure-monitor/log-fired", "fires", "customProperties.workload=web" },
        { "azure-monitor/service-health", "fires", "monitoringService=ServiceHealth" },
        { "pagerduty/triggered", "fires", "service=shop-web" },
        { "pagerduty/resolved", "resolved", "urgency=high" },
        { "pagerduty/reopened", "fires", "service_id=PF9KMXH" },
        { "pagerduty/ping", "not-firing", "event_type=pagey.ping" },
        { "pagerduty/annotated", "not-firing", "event_type=incident.annotated" },
        { "datadog/triggered", "fires", "pod_name=web-0" },
        { "datadog/recovered", "resolved", "kube_namespace=shop" },
        { "datadog/no-data", "fires", "kube_deployment=web" },
        { "datadog/renotified", "fires", "datadog.transition=Renotify" },
        { "datadog/odd-tags", "fires", "url=https://shop.example/?a=b" },
        { "google-cloud/open", "fires", "resource.pod_name=web-0" },
        { "google-cloud/closed", "resolved", "resource.namespace_name=shop" },
        { "google-cloud/uptime", "fires", "resource_type=uptime_url" },
        { "google-cloud/test", "not-firing", "policy.example=label" },
        { "google-cloud/pubsub", "fires", "resource.pod_name=web-0" },
        { "google-cloud/pubsub-unwrapped", "fires", "resource.pod_name=web-0" },
        { "azure-monitor/prometheus-fired", "fires", "label.pod=web-0" },
        { "azure-monitor/prometheus-resolved", "resolved", "label.namespace=shop" },
        { "azure-monitor/test-activity-log", "fires", "alertRule=test-activityLogAlertRule" },
        { "azure-monitor/null-lists", "fires", "alertRule=test-availability" },
        { "alertmanager/without-fingerprint", "fires,fires,fires", "pod=web-0" },
        { "alertmanager/another-status", "fires,not-firing", "pod=web-0" },
        { "alertmanager/null-label", "fires,fires", "pod=web-0" },
        { "datadog/manual-event", "not-firing", "kube_namespace=shop" },
        { "datadog/literal-variables", "not-firing", "kube_namespace=shop" },
        { "datadog/warn-recovered", "resolved", "pod_name=web-0" },
        { "datadog/recovered-no-data", "resolved", "pod_name=web-0" },
        { "datadog/test-notification", "not-firing", "pod_name=web-0" },
        { "grafana/datasource-error", "not-firing", "rulename=HighErrorRate" },
        { "grafana/state-error", "not-firing", "grafana.state_reason=Error" },
        { "grafana/state-no-data", "fires", "grafana.state_reason=NoData" },
        { "grafana/test", "not-firing", "instance=Grafana" },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Read_Sample_AlertsWithStateAndLabels(string sample, string states, string label)
    {
        var message = Samples.Read(sample);

        Assert.Equal(states, string.Join(',', message.Signals.Select(signal => signal.Ignored ?? "fires")));
        Assert.Equal(label, $"{label.Split('=')[0]}={message.Signals[0].Labels[label.Split('=')[0]]}");
        Assert.All(message.Signals, signal => Assert.False(string.IsNullOrWhiteSpace(signal.Name)));
    }

    [Fact]
    public void Samples_EveryFile_IsExpected() =>
        Assert.Equal(Samples.Names().Order(StringComparer.Ordinal), Expected.Select(row => row.Data.Item1).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("alertmanager/firing", "alertmanager/grouped")]
    [InlineData("grafana/firing", "grafana/grouped")]
    [InlineData("azure-monitor/metric-fired", "azure-monitor/metric-resolved")]
    [InlineData("datadog/triggered", "datadog/renotified")]
    [InlineData("google-cloud/open", "google-cloud/closed")]
    [InlineData("google-cloud/pubsub", "google-cloud/pubsub-unwrapped")]
    [InlineData("azure-monitor/prometheus-fired", "azure-monitor/prometheus-resolved")]
    [InlineData("datadog/triggered", "datadog/warn-recovered")]
    public void DedupeKey_SameAlertAgain_IsTheSame(string sample, string again) =>
        Assert.Equal(Samples.Read(sample).Signals[0].DedupeKey, Samples.Read(again).Signals[0].DedupeKey);

    [Theory]
    [InlineData("alertmanager/grouped")]
    [InlineData("grafana/grouped")]
    [InlineData("alertmanager/without-fingerprint")]
    public void DedupeKey_OtherAlert_IsAnother(string sample) =>
        Assert.Equal(Samples.Read(sample).Signals.Count, Samples.Read(sample).Signals.Select(signal => signal.DedupeKey).Distinct().Count());

    [Theory]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"status":"firing","labels":{"pod":"web-1"}}""")]
    [InlineData("""{"status":{},"startsAt":"x"}""")]
    [InlineData("""{"status":"firing","startsAt":[],"fingerprint":"y"}""")]
    [InlineData("""{"status":"firing","startsAt":"\ud800","fingerprint":"y"}""")]
    public void Read_OddAlertAmongOthers_IsUnreadableAndTheOthersFire(string odd)
    {
        var good = """{"status":"firing","labels":{"pod":"web-0"},"startsAt":"2026-03-04T12:00:00Z","fingerprint":"1"}""";
        using var document = JsonDocument.Parse($$"""{"version":"4","alerts":[{{good}},{{odd}},{{good}}]}""");

        var message = AlertSources.All["alertmanager"].Read(document.RootElement);

        Assert.Equal([null, "unreadable", null], message.Signals.Select(signal => signal.Ignored));
        Assert.False(string.IsNullOrEmpty(message.Signals[1].Detail));
    }

    [Fact]
    public void Read_HundredsOfLabelsAndALongOne_AllAreThere()
    {
        var labels = Enumerable.Range(0, 400).ToDictionary(i => $"label_{i:000}", i => $"{i}");
        labels["query"] = new string('q', 5_000);
        labels["pod"] = "web-0";
        using var document = JsonDocument.Parse(JsonSerializer.Serialize(new
        {
            version = "4",
            alerts = new[] { new { status = "firing", labels, startsAt = "2026-03-04T12:00:00Z", fingerprint = "1" } },
        }));

        var signal = Assert.Single(AlertSources.All["alertmanager"].Read(document.RootElement).Signals);

        Assert.Equal((402, "web-0", 5_000), (signal.Labels.Count, signal.Labels["pod"], signal.Labels["query"].Length));
    }

    [Theory]
    [InlineData("google-cloud/test")]
    [InlineData("azure-monitor/test-activity-log")]
    [InlineData("pagerduty/ping")]
    [InlineData("datadog/test-notification")]
    [InlineData("grafana/test")]
    public void Read_TestButtonsMessage_IsKnownAsOne(string sample) => Assert.True(Assert.Single(Samples.Read(sample).Signals).Test);

    [Fact]
    public void Read_Truncated_SaysHowManyAreMissing() => Assert.Equal(41, Samples.Read("alertmanager/truncated").Truncated);

    [Theory]
    [InlineData("alertmanager", "grafana/firing")]
    [InlineData("grafana", "alertmanager/firing")]
    [InlineData("azure-monitor", "alertmanager/firing")]
    [InlineData("pagerduty", "azure-monitor/metric-fired")]
    [InlineData("datadog", "pagerduty/triggered")]
    [InlineData("google-cloud", "datadog/triggered")]
    public void Read_OtherSourcesMessage_Refused(string source, string sample)
    {
        using var document = JsonDocument.Parse(Samples.Bytes(sample));

        Assert.Throws<AlertFormatException>(() => AlertSources.All[source].Read(document.RootElement));
    }

    [Theory]
    [InlineData("alertmanager", """{"version":"4","alerts":{}}""")]
    [InlineData("azure-monitor", """{"schemaId":"azureMonitorCommonAlertSchema","data":[]}""")]
    [InlineData("pagerduty", """{"event":{"event_type":7}}""")]
    [InlineData("datadog", """{"schema":"captureflow.datadog/1"}""")]
    [InlineData("datadog", """{"schema":"captureflow.datadog/1","transition":"Triggered"}""")]
    [InlineData("google-cloud", """{"version":"2.0","incident":{"state":"open","incident_id":"1"}}""")]
    [InlineData("google-cloud", """{"message":{"data":"???"},"subscription":"projects/p/subscriptions/s"}""")]
    [InlineData("google-cloud", """{"message":{"attributes":{"a":"b"}},"subscription":"projects/p/subscriptions/s"}""")]
    [InlineData("google-cloud", """{"message":{"data":"aGVsbG8="},"subscription":"projects/p/subscriptions/s"}""")]
    [InlineData("google-cloud", """{"version":"1.2","incident":{"state":"open"}}""")]
    [InlineData("google-cloud", "[]")]
    [InlineData("grafana", "null")]
    public void Read_PartsMissing_Refused(string source, string message)
    {
        using var document = JsonDocument.Parse(message);

        Assert.Throws<AlertFormatException>(() => AlertSources.All[source].Read(document.RootElement));
    }
}
