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
    public void Slack_TextsOfOthers_AreNoMentionsAndNoLinks()
    {
        var message = JsonNode.Parse(SlackMessage.Of(Ending, "https://captureflow.example"))!;

        var text = message["blocks"]![1]!["text"]!["text"]!.GetValue<string>();
        Assert.Equal(("section", "mrkdwn"), (message["blocks"]![0]!["type"]!.GetValue<string>(), message["blocks"]![0]!["text"]!["type"]!.GetValue<string>()));
        Assert.Contains("&lt;!channel&gt; see", text, StringComparison.Ordinal);
        Assert.Contains("&amp; &lt;https://evil.example|this&gt;", text, StringComparison.Ordinal);
        Assert.Contains("<https://captureflow.example/api/captures/cf-0000000000000000|status>", text, StringComparison.Ordinal);
        Assert.Contains("NOT proven gone", text, StringComparison.Ordinal);
        Assert.Contains("*Shows:* 3 packets, 1 conversation: refused (&lt;!here&gt; &amp; 10.0.0.1).\n*Findings:* 2 errors, 1 warning, 0 notes\n", text, StringComparison.Ordinal);
        Assert.Contains("Partial", message["text"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public void Slack_LongTexts_StayBelowItsLimit()
    {
        var message = JsonNode.Parse(SlackMessage.Of(Ending with { Reason = new string('<', 2_000) }, null))!;

        Assert.InRange(message["blocks"]![1]!["text"]!["text"]!.GetValue<string>().Length, 1, 3_000);
    }

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
