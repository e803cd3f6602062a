using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>
/// Datadog, whose messages are what their sender's template makes of them: CaptureFlow publishes one in docs/alerts.md. Labels: each tag
/// <c>KEY:VALUE</c>, and the template's fields as <c>datadog.NAME</c>.
/// </summary>
internal sealed class DatadogSource : IAlertSource
{
    public const string Schema = "captureflow.datadog/1";

    public string Name => "datadog";

    public AlertMessage Read(JsonElement message)
    {
        if (message.Text("schema") != Schema)
        {
            throw new AlertFormatException($"The message is not of the schema \"{Schema}\". Its template is in docs/alerts.md.");
        }

        Dictionary<string, string> labels = [];
        foreach (var tag in (message.Text("tags") ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (tag.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                labels.AddLabel(tag[..colon], tag[(colon + 1)..]);
            }
        }

        labels.AddLabels(message, "datadog.");
        var ignored = message.Needed("transition", "transition") switch
        {
            "Triggered" or "Re-Triggered" or "Renotify" or "Warn" or "Re-Warn" or "No Data" or "Re-No Data" => null,
            "Recovered" => IgnoredAlert.Resolved,
            _ => IgnoredAlert.NotFiring,
        };
        return new([new(message.Text("title") ?? "monitor", message.Needed("cycle", "cycle"), labels, ignored)]);
    }
}
