using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>
/// Google Cloud Monitoring's webhook channel, and the same incident in the envelope of a Pub/Sub push. Labels: the incident's texts by
/// their names, <c>resource.NAME</c> and <c>metric.NAME</c> for the labels of the resource and the metric, <c>resource_type</c>, and the
/// policy's own labels as <c>policy.NAME</c>.
/// </summary>
internal sealed class GoogleCloudSource : IAlertSource
{
    /// <summary>What the channel's test message has for a version.</summary>
    private const string TestVersion = "test";

    public string Name => "google-cloud";

    public AlertMessage Read(JsonElement message)
    {
        if (!PubSubEnvelope.Is(message))
        {
            return ReadIncident(message);
        }

        using var inner = PubSubEnvelope.Open(message);
        return ReadIncident(inner.RootElement);
    }

    private static AlertMessage ReadIncident(JsonElement message)
    {
        var version = message.Text("version");
        if (version != TestVersion && version?.StartsWith("1.", StringComparison.Ordinal) != true)
        {
            throw new AlertFormatException("The message is no Google Cloud Monitoring webhook of version \"1.x\".");
        }

        var incident = message.Object("incident", "incident");
        Dictionary<string, string> labels = [];
        labels.AddLabels(incident);
        labels.AddLabel("resource_type", incident.Part("resource")?.Text("type"));
        labels.AddLabels(incident.Part("resource")?.Part("labels"), "resource.");
        labels.AddLabels(incident.Part("metric")?.Part("labels"), "metric.");
        labels.AddLabels(incident.Part("policy_user_labels"), "policy.");
        AlertSignal signal = new(
            incident.Text("policy_name") ?? "incident",
            $"{incident.Text("started_at")}\n{incident.Needed("incident_id", "incident.incident_id")}",
            labels,
            incident.Needed("state", "incident.state").ToUpperInvariant() switch { "OPEN" => null, "CLOSED" => IgnoredAlert.Resolved, _ => IgnoredAlert.NotFiring });
        return new([version == TestVersion ? signal.AsTest() : signal]);
    }
}
