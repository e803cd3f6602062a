using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>For an incoming webhook of Slack. Slack's three special characters are escaped, so that nobody's text becomes a mention or a link.</summary>
internal static class SlackMessage
{
    /// <summary>Slack refuses a text of more than 3,000 characters in a section.</summary>
    private const int LongestText = 2_900;

    public static byte[] Of(CaptureEnding ending, string? publicUrl)
    {
        var title = Escape(NotificationText.Title(ending));
        var facts = NotificationText.Facts(ending).Select(fact => $"*{fact.Name}:* {Escape(fact.Value)}");
        var links = NotificationText.Links(ending, publicUrl).Select(link => $"<{link.Value}|{link.Key}>");
        return JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                Text = title,
                Blocks = new object[]
                {
                    new { Type = "section", Text = new { Type = "mrkdwn", Text = $"*{title}*" } },
                    new { Type = "section", Text = new { Type = "mrkdwn", Text = Cut(string.Join('\n', [.. facts, .. links])) } },
                },
            },
            CaptureJson.Options);
    }

    private static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    private static string Cut(string text) => text.Length <= LongestText ? text : $"{text.AsSpan(0, LongestText)}…";
}
