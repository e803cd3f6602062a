using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Alerts;

/// <summary>The reason of an order that an alert gave: its name, which is somebody else's text, in one line of printable characters.</summary>
internal static class AlertReason
{
    private const int LongestName = 200;

    public static string Of(string source, string name)
    {
        var clean = new string([.. name.Take(LongestName).Select(c => Rune.TryCreate(c, out var rune) && PlainText.IsReadable(rune) ? c : ' ')]);
        return $"{source} alert: {clean.Trim()}";
    }
}
