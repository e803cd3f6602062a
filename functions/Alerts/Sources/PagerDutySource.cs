using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>
/// PagerDuty's webhooks of version 3. An incident that is triggered or reopened fires; everything else is news of it, and
/// <c>pagey.ping</c> is the subscription's test. Labels: <c>event_type</c>,
/// the incident's texts by their names, and <c>service</c>, <c>service_id</c> and <c>priority</c>.
/// </summary>
internal sealed class PagerDutySource : IAlertSource
{
    public string Name => "pagerduty";

    public AlertMessage Read(JsonElement message)
    {
        var happened = message.Object("event", "event");
        var type = happened.Needed("event_type", "event.event_type");
        Dictionary<string, string> labels = new() { ["event_type"] = type };
        var data = happened.Part("data") ?? default;
        labels.AddLabels(happened.Part("data"));
        labels.AddLabel("service", data.Part("service")?.Text("summary"));
        labels.AddLabel("service_id", data.Part("service")?.Text("id"));
        labels.AddLabel("priority", data.Part("priority")?.Text("summary"));
        var ignored = type switch
        {
            "incident.triggered" or "incident.reopened" => null,
            "incident.resolved" => IgnoredAlert.Resolved,
            _ => IgnoredAlert.NotFiring,
        };
        // The event's id is the same in every attempt to deliver it.
        AlertSignal signal = new(data.Text("title") ?? type, $"{happened.Text("occurred_at")}\n{happened.Needed("id", "event.id")}", labels, ignored);
        return new([type == "pagey.ping" ? signal.AsTest() : signal]);
    }
}
