using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Notifications;

/// <summary>For a webhook of Teams' Workflows: one Adaptive Card. Texts of others are in text runs, which know no markdown.</summary>
internal static class TeamsMessage
{
    public static byte[] Of(CaptureEnding ending, string? publicUrl)
    {
        JsonArray body = [Line(new JsonObject { ["type"] = "TextRun", ["text"] = NotificationText.Title(ending), ["weight"] = "Bolder", ["size"] = "Medium" })];
        foreach (var (name, value) in NotificationText.Facts(ending))
        {
            body.Add(Line(
                new JsonObject { ["type"] = "TextRun", ["text"] = $"{name}: ", ["weight"] = "Bolder" },
                new JsonObject { ["type"] = "TextRun", ["text"] = value }));
        }

        JsonArray actions = [.. NotificationText.Links(ending, publicUrl)
            .Select(link => new JsonObject { ["type"] = "Action.OpenUrl", ["title"] = link.Key, ["url"] = link.Value })];
        return JsonSerializer.SerializeToUtf8Bytes(
            new JsonObject
            {
                ["type"] = "message",
                ["attachments"] = new JsonArray(new JsonObject
                {
                    ["contentType"] = "application/vnd.microsoft.card.adaptive",
                    ["content"] = new JsonObject
                    {
                        ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
                        ["type"] = "AdaptiveCard",
                        ["version"] = "1.4",
                        ["body"] = body,
                        ["actions"] = actions,
                    },
                }),
            },
            CaptureJson.Options);
    }

    private static JsonObject Line(params JsonNode[] runs) => new() { ["type"] = "RichTextBlock", ["inlines"] = new JsonArray(runs) };
}
