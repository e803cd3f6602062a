using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>
/// For an incoming webhook of Slack. Texts of others are text elements of rich text, which Slack shows as they are: no mention, no link,
/// no markdown. The fallback, which stands in push messages, is told not to be parsed, and has Slack's three special characters escaped.
/// </summary>
internal static class SlackMessage
{
    /// <summary>Of one value, characters: Slack refuses blocks that are too long as a whole.</summary>
    private const int LongestValue = 1_000;

    public static byte[] Of(CaptureEnding ending, string? publicUrl)
    {
        var title = NotificationText.Title(ending);
        List<object> lines = [];
        foreach (var (name, value) in NotificationText.Facts(ending))
        {
            lines.Add(new { Type = "text", Text = $"{name}: ", Style = new { Bold = true } });
            lines.Add(new { Type = "text", Text = $"{Cut(value)}\n" });
        }

        foreach (var (name, address) in NotificationText.Links(ending, publicUrl))
        {
            lines.Add(new { Type = "link", Url = address, Text = name });
            lines.Add(new { Type = "text", Text = "\n" });
        }

        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Text = Escape(Cut(title)),
                Mrkdwn = false,
                Parse = "none",
                Blocks = new[] { Block([new { Type = "text", Text = Cut(title), Style = new { Bold = true } }]), Block([.. lines]) },
            },
            CaptureJson.Options);
    }

    private static object Block(object[] elements) => new { Type = "rich_text", Elements = new[] { new { Type = "rich_text_section", Elements = elements } } };

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length <= LongestValue ? text : $"{text.AsSpan(0, LongestValue)}…";
}
