using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>The shape that Alertmanager gave to webhooks and that Grafana took over: a group of alerts, each with labels and a status of its own.</summary>
internal static class AlertGroup
{
    /// <param name="message">The group.</param>
    /// <param name="refine">What a source knows beyond the shape; is given the alert and what was read of it.</param>
    public static AlertMessage Read(JsonElement message, Func<JsonElement, AlertSignal, AlertSignal>? refine = null)
    {
        if (message.Part("alerts") is not { ValueKind: JsonValueKind.Array } alerts)
        {
            throw new AlertFormatException("The message has no array 'alerts'.");
        }

        var truncated = message.Part("truncatedAlerts") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? Math.Clamp(count, 0, int.MaxValue) : 0;
        return new([.. alerts.EnumerateArray().Select(alert => OneOf(alert, refine))], truncated);
    }

    /// <summary>One odd alert must not cost the others of its group: a message that was refused is not sent again.</summary>
    private static AlertSignal OneOf(JsonElement alert, Func<JsonElement, AlertSignal, AlertSignal>? refine)
    {
        try
        {
            var signal = Signal(alert);
            return refine is null ? signal : refine(alert, signal);
        }
        catch (AlertFormatException e)
        {
            return AlertSignal.Unreadable(e.Message);
        }
        catch (InvalidOperationException)
        {
            // What is no UTF-8 inside a text is only seen when it is read.
            return AlertSignal.Unreadable("A text of an alert is not valid Unicode.");
        }
    }

    private static AlertSignal Signal(JsonElement alert)
    {
        // endsAt says nothing: it is 0001-01-01 while an alert fires, and a guess of the sender's with some versions.
        var status = alert.Needed("status", "alerts[].status");
        Dictionary<string, string> labels = [];
        labels.AddLabels(alert.Part("labels"));
        var key = $"{alert.Needed("startsAt", "alerts[].startsAt")}\n{alert.Text("fingerprint") ?? Fingerprint(labels)}";
        AlertSignal signal = new(labels.GetValueOrDefault("alertname", "alert"), key, labels);
        return status switch
        {
            "firing" => signal,
            "resolved" => signal with { Ignored = IgnoredAlert.Resolved },
            _ => signal with { Ignored = IgnoredAlert.NotFiring, Detail = "The alert's status is neither 'firing' nor 'resolved'." },
        };
    }

    /// <summary>Senders that only speak the format may leave it out. It derives from the labels, whatever their order.</summary>
    private static string Fingerprint(Dictionary<string, string> labels)
    {
        var text = string.Join('\0', labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}\0{label.Value}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
