using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>The shape that Alertmanager gave to webhooks and that Grafana took over: a group of alerts, each with labels and a status of its own.</summary>
internal static class AlertGroup
{
    public static AlertMessage Read(JsonElement message)
    {
        if (message.Part("alerts") is not { ValueKind: JsonValueKind.Array } alerts)
        {
            throw new AlertFormatException("The message has no array 'alerts'.");
        }

        var truncated = message.Part("truncatedAlerts") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? Math.Clamp(count, 0, int.MaxValue) : 0;
        return new([.. alerts.EnumerateArray().Select(Signal)], truncated);
    }

    private static AlertSignal Signal(JsonElement alert)
    {
        // endsAt says nothing: it is 0001-01-01 while an alert fires, and a guess of the sender's with some versions.
        var status = alert.Needed("status", "alerts[].status");
        Dictionary<string, string> labels = [];
        labels.AddLabels(alert.Part("labels"));
        return new(
            labels.GetValueOrDefault("alertname", "alert"),
            $"{alert.Needed("startsAt", "alerts[].startsAt")}\n{alert.Needed("fingerprint", "alerts[].fingerprint")}",
            labels,
            status switch { "firing" => null, "resolved" => IgnoredAlert.Resolved, _ => throw new AlertFormatException("An alert's status is neither 'firing' nor 'resolved'.") });
    }
}
