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
        var title = message.Text("title") ?? "monitor";
        AlertSignal signal = State(Filled(message, "transition"), new(title, Key(message), labels));
        return new([title.StartsWith("[TEST]", StringComparison.OrdinalIgnoreCase) ? signal.AsTest() : signal]);
    }

    private static AlertSignal State(string transition, AlertSignal signal) => transition switch
    {
        "Triggered" or "Re-Triggered" or "Renotify" or "Warn" or "Re-Warn" or "No Data" or "Re-No Data" => signal,
        "" or "Null" or ['$', ..] => signal with { Ignored = IgnoredAlert.NotFiring, Detail = "An event that no monitor made: it has no transition." },
        _ when transition.Contains("Recovered", StringComparison.OrdinalIgnoreCase) => signal with { Ignored = IgnoredAlert.Resolved },
        _ => signal with { Ignored = IgnoredAlert.NotFiring, Detail = "The transition is none of those that fire." },
    };

    /// <summary>Without a cycle each message stands for itself: the cool-down then keeps its repetitions from ordering more.</summary>
    private static string Key(JsonElement message) => Filled(message, "cycle") is { Length: > 0 } cycle and not ['$', ..]
        ? cycle
        : $"{message.Text("alert_id")}\n{message.Text("date")}";

    /// <summary>A field that the template has, and that is empty where the variable has no value: an event of a person's, say.</summary>
    private static string Filled(JsonElement message, string name) => message.TryGetProperty(name, out _)
        ? message.Text(name) ?? ""
        : throw new AlertFormatException($"The message has no '{name}'. The template is in docs/alerts.md.");
}
