using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Reads the tap's own account: <c>key=value</c> lines.</summary>
internal static class SummaryText
{
    private const int Sha256Characters = 64;

    /// <summary>The summary; null when the text is none.</summary>
    public static TapSummary? TryRead(string text)
    {
        Dictionary<string, string> values = [];
        foreach (var line in text.Split('\n'))
        {
            if (line.Split('=', 2) is [var key, var value])
            {
                values[key] = value.Trim();
            }
        }

        return Number(values, "bytes") is { } bytes
            && values.GetValueOrDefault("sha256") is { Length: Sha256Characters } hash
            && End(values.GetValueOrDefault("end")) is { } end
            && Number(values, "centiseconds") is { } centiseconds
            && Number(values, "exit") is { } exit
            ? new(
                bytes,
                hash,
                Number(values, "captured"),
                Number(values, "received"),
                Number(values, "dropped"),
                Number(values, "ifdropped"),
                end,
                centiseconds / 100.0,
                (int)exit,
                (int?)Number(values, "canaries"))
            : null;
    }

    private static TapEnd? End(string? word) => word switch
    {
        "window" => TapEnd.Window,
        "limit" => TapEnd.Limit,
        "stopped" => TapEnd.Stopped,
        "died" => TapEnd.Died,
        "full" => TapEnd.Full,
        "term" => TapEnd.Terminated,
        _ => null,
    };

    private static long? Number(Dictionary<string, string> values, string key) =>
        values.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
