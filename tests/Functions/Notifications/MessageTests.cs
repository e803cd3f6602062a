using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Notifications;

/// <summary>The shapes that Slack and Teams take, with texts that try to be more than text.</summary>
public sealed class MessageTests
{
    private static readonly CaptureEnding Ending = new()
    {
        CaptureId = "cf-0000000000000000",
        Target = "shop/web",
        State = CaptureState.RevokeUnproven,
        Verdict = Verdict.Partial,
        RevocationProven = false,
        Packets = 3,
        Bytes = 300,
        RequestedBy = "alert:shop",
        Reason = "<!channel> see [here](https://evil.example) & <https://evil.example|this>",
        FaultCode = "revoke-unproven",
        FaultMessage = "not gone",
        HasManifest = true,
        Triage = new("3 packets, 1 conversation: refused (<!here> & 10.0.0.1).", 2, 1, 0),
        EndedAt = DateTimeOffset.UnixEpoch,
    };

    [Fact]
    public void Slack_TextsOfOthers_AreNoMentionsNoLinksAndNoMarkdown()
    {
        var message = JsonNode.Parse(SlackMessage.Of(Ending with { Target = "shop/<!here>*web*" }, "https://captureflow.example"))!;

        var elements = message["blocks"]!.AsArray().SelectMany(block => block!["elements"]![0]!["elements"]!.AsArray()).ToList();
        Assert.All(message["blocks"]!.AsArray(), block => Assert.Equal("rich_text", block!["type"]!.GetValue<string>()));
        Assert.Contains(elements, element => element!["type"]!.GetValue<string>() == "text" && element["text"]!.GetValue<string>() == $"{Ending.Reason}\n");
        Assert.Equal(
            ["https://captureflow.example/api/captures/cf-0000000000000000", "https://captureflow.example/api/captures/cf-0000000000000000/manifest",
             "https://captureflow.example/api/captures/cf-0000000000000000/triage"],
            elements.Where(element => element!["type"]!.GetValue<string>() == "link").Select(element => element!["url"]!.GetValue<string>()));
        Assert.Contains(elements, element => element!["text"]!.GetValue<string>().Contains("NOT proven gone", StringComparison.Ordinal));
        Assert.Contains(elements, element => element!["text"]!.GetValue<string>() == "3 packets, 1 conversation: refused (<!here> & 10.0.0.1).\n");
        Assert.Contains(elements, element => element!["text"]!.GetValue<string>() == "2 errors, 1 warning, 0 notes\n");
        var fallback = message["text"]!.GetValue<string>();
        Assert.Contains("shop/&lt;!here&gt;*web*", fallback, StringComparison.Ordinal);
        Assert.Contains("Partial", fallback, StringComparison.Ordinal);
        Assert.Equal((false, "none"), (message["mrkdwn"]!.GetValue<bool>(), message["parse"]!.GetValue<string>()));
    }

    [Fact]
    public void Slack_LongTexts_AreCut()
    {
        var message = SlackMessage.Of(Ending with { Reason = new string('<', 20_000) }, null);

        Assert.InRange(message.Length, 1, 3_000);
    }

    [Theory]
    [InlineData(CaptureState.Denied, "was denied")]
    [InlineData(CaptureState.Expired, "expired without an approval")]
    [InlineData(CaptureState.Refused, "was refused")]
    [InlineData(CaptureState.Failed, "failed")]
    public void Title_OfAnEnding_SaysWhichOne(CaptureState state, string phrase) =>
        Assert.EndsWith(phrase, NotificationText.Title(Ending with { State = state, Verdict = null }), StringComparison.Ordinal);

    [Fact]
    public void Teams_TextsOfOthers_AreInRunsWithoutMarkdown()
    {
        var message = JsonNode.Parse(TeamsMessage.Of(Ending, "https://captureflow.example"))!;

        var attachment = message["attachments"]![0]!;
        var card = attachment["content"]!;
        Assert.Equal(("message", "application/vnd.microsoft.card.adaptive", "AdaptiveCard"), (
            message["type"]!.GetValue<string>(), attachment["contentType"]!.GetValue<string>(), card["type"]!.GetValue<string>()));
        Assert.All(card["body"]!.AsArray(), line => Assert.Equal("RichTextBlock", line!["type"]!.GetValue<string>()));
        Assert.Contains(card["body"]!.AsArray(), line => line!["inlines"]!.AsArray()[^1]!["text"]!.GetValue<string>() == Ending.Reason);
        Assert.Contains(card["body"]!.AsArray(), line => line!["inlines"]!.AsArray()[^1]!["text"]!.GetValue<string>() == Ending.Triage!.Summary);
        Assert.Equal(["status", "manifest", "triage"], card["actions"]!.AsArray().Select(action => action!["title"]!.GetValue<string>()));
    }

    [Fact]
    public void Webhook_WithoutPublicUrl_HasNoLinks()
    {
        var message = JsonNode.Parse(Encoding.UTF8.GetString(WebhookMessage.Of(Ending, null)))!;

        Assert.Empty(message["links"]!.AsObject());
        Assert.Equal("revokeUnproven", message["status"]!.GetValue<string>());
        Assert.Equal((2, 1, 0), (message["triage"]!["errors"]!.GetValue<int>(), message["triage"]!["warnings"]!.GetValue<int>(), message["triage"]!["notes"]!.GetValue<int>()));
    }
}
