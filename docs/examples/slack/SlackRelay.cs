using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace CaptureFlow.Examples;

/// <summary>What a relay is told at its start, e.g. by its environment.</summary>
/// <param name="SigningSecret">Of the Slack app.</param>
/// <param name="CaptureFlow">Where CaptureFlow is.</param>
/// <param name="Key">Its function key, which so stays out of Slack.</param>
/// <param name="Channel">The id of the one channel that may capture.</param>
public sealed record SlackRelayOptions(string SigningSecret, Uri CaptureFlow, string Key, string Channel);

/// <summary>
/// The request URL of a Slack slash command: <c>/capture shop/web 30s tcp port 8080</c>. It checks Slack's signature over the raw body before it
/// reads anything in it, turns the text into an order, and answers within Slack's three seconds with the capture's id, or with what was wrong.
/// </summary>
public sealed class SlackRelay(SlackRelayOptions options, HttpClient http, TimeProvider time)
{
    private const int MostBytes = 16 * 1024;
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(5);

    // Slack shows its own error after 3 s; the capture has the same key when the command is repeated.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    public static void Map(WebApplication app, SlackRelayOptions options, HttpClient http) =>
        app.MapPost("/slack/capture", new SlackRelay(options, http, TimeProvider.System).AnswerAsync);

    private async Task<IResult> AnswerAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var buffer = new byte[MostBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        if (length > MostBytes || !IsSigned(request.Headers, buffer.AsSpan(0, length)))
        {
            return Results.Unauthorized();
        }

        FormCollection form = new(QueryHelpers.ParseQuery(Encoding.UTF8.GetString(buffer, 0, length)));
        if (form["channel_id"] != options.Channel)
        {
            return Say("Captures are ordered in another channel.");
        }

        if (form["text"].ToString().Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is not [var pod, var duration, .. var filter])
        {
            return Say("Write: /capture NAMESPACE/POD DURATION [FILTER], e.g. /capture shop/web 30s tcp port 8080");
        }

        return Say(await OrderAsync(pod, duration, filter.FirstOrDefault(), $"Slack {form["user_id"]}", form["trigger_id"].ToString(), cancellationToken));
    }

    /// <summary>https://docs.slack.dev/authentication/verifying-requests-from-slack: HMAC-SHA256 of <c>v0:TIMESTAMP:BODY</c>, not older than 5 minutes.</summary>
    private bool IsSigned(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        var stamp = headers["X-Slack-Request-Timestamp"].ToString();
        if (!long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) || Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - seconds) > MostSkew.TotalSeconds)
        {
            return false;
        }

        byte[] signed = [.. Encoding.UTF8.GetBytes($"v0:{stamp}:"), .. body];
        var expected = $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.SigningSecret), signed))}";
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(headers["X-Slack-Signature"].ToString()));
    }

    private async Task<string> OrderAsync(string pod, string duration, string? filter, string reason, string trigger, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(options.CaptureFlow, "/api/captures"))
        {
            Content = JsonContent.Create(new { target = new { pod }, window = new { duration }, filter, reason }),
            Headers = { { "x-functions-key", options.Key }, { "Idempotency-Key", $"slack {trigger}" } },
        };
        try
        {
            using var response = await http.SendAsync(request, patience.Token);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(patience.Token));
            return response.IsSuccessStatusCode
                ? $"Capture {answer!["id"]} is on its way: {new Uri(options.CaptureFlow, $"{answer["links"]!["self"]}")}"
                : string.Join('\n', answer!["errors"]?.AsArray().Select(error => $"{error!["message"]} {error["remedy"]}") ?? ["CaptureFlow refuses this relay's key."]);
        }
        catch (Exception e) when (e is HttpRequestException or System.Text.Json.JsonException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return "CaptureFlow does not answer now; try again.";
        }
    }

    // To the one who asked alone, and without formatting what others have written.
    private static IResult Say(string text) => Results.Json(new { response_type = "ephemeral", text = text.Replace("<", "&lt;", StringComparison.Ordinal), mrkdwn = false });
}
