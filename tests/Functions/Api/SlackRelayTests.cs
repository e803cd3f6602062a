using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Examples;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>The relay for a Slack slash command in docs/examples, between a signed command and the host.</summary>
public sealed class SlackRelayTests(ApiHost host) : IClassFixture<ApiHost>, IAsyncLifetime
{
    private const string Secret = "a signing secret";
    private const string Command = "channel_id=C1&user_id=U1&trigger_id=T1&text=shop%2Fweb+1s+tcp+port+8080";
    private WebApplication _relay = null!;
    private HttpClient _http = null!;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _relay = builder.Build();
        SlackRelay.Map(_relay, new(Secret, host.Url, "none is needed here", "C1"), host.Http);
        await _relay.StartAsync();
        _http = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(_relay.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _relay.DisposeAsync();
    }

    [Fact]
    public async Task Command_SignedAndSentTwice_StartsOneCapture()
    {
        var before = await host.CountInstancesAsync();

        var first = await SendAsync(Command, Now);
        var again = await SendAsync(Command, Now);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, again.Status));
        Assert.StartsWith("Capture cf-", first.Text, StringComparison.Ordinal);
        Assert.Equal(first.Text, again.Text);
        Assert.Equal(before + 1, await host.CountInstancesAsync());
        var capture = await host.WhenEndedAsync(first.Text.Split(' ')[1]);
        Assert.Equal(("tcp port 8080", "Slack U1"), (capture["order"]!["filter"]!.GetValue<string>(), capture["order"]!["reason"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Command_UnsignedOldOrChanged_StartsNothing()
    {
        var before = await host.CountInstancesAsync();

        var answers = new[]
        {
            await SendAsync(Command, Now, signature: "v0="),
            await SendAsync(Command, Now, signature: null),
            await SendAsync(Command, Now - 301),
            await SendAsync(Command, Now + 301),
            await SendAsync(Command, Now, signature: Sign(Command + "x", Now)),
            await SendAsync(Command + new string('x', 20_000), Now),
        };

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.Status));
        Assert.Equal(before, await host.CountInstancesAsync());
    }

    [Theory]
    [InlineData("", "another channel")]
    [InlineData("channel_id=C2&text=shop%2Fweb+1s", "another channel")]
    [InlineData("channel_id=C1&text=", "Write: /capture")]
    [InlineData("channel_id=C1&trigger_id=T2&text=..%2Fweb+soon", "'soon' is not a duration.")]
    public async Task Command_NoOrder_SaysWhy(string form, string expected)
    {
        var (status, text) = await SendAsync(form, Now);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Contains(expected, text, StringComparison.Ordinal);
    }

    private static string Sign(string body, long at) =>
        $"v0={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"v0:{at}:{body}"))))}";

    private Task<(HttpStatusCode Status, string Text)> SendAsync(string body, long at) => SendAsync(body, at, Sign(body, at));

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(string body, long at, string? signature)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/slack/capture") { Content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded") };
        request.Headers.Add("X-Slack-Request-Timestamp", at.ToString(CultureInfo.InvariantCulture));
        if (signature is not null)
        {
            request.Headers.Add("X-Slack-Signature", signature);
        }

        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length == 0 ? "" : JsonNode.Parse(text)!["text"]?.GetValue<string>() ?? "");
    }
}
