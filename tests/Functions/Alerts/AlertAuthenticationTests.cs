using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Functions.Alerts.Bindings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>Each way in: right, wrong, missing, in rotation, replayed, and with what strangers try.</summary>
public sealed class AlertAuthenticationTests : IDisposable
{
    private const string Old = "the-old-secret-of-the-tests";
    private const string New = "the-new-secret-of-the-tests";
    private static readonly byte[] Body = Encoding.UTF8.GetBytes("""{"a":1}""");

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(56));
    private readonly OpenIdTokens _tokens = new();

    public void Dispose() => _tokens.Dispose();

    [Theory]
    [InlineData("Bearer " + Old, true)]
    [InlineData("bearer " + New, true)]
    [InlineData("Bearer another-secret-of-the-tests", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic " + Old, false)]
    [InlineData(Old, false)]
    [InlineData(null, false)]
    public async Task Bearer(string? header, bool holds) => Assert.Equal(holds, await HoldsAsync("alertmanager", new() { Kind = "bearer", Secrets = [Old, New] }, r => Set(r, "Authorization", header)));

    [Theory]
    [InlineData("captureflow:" + Old, true)]
    [InlineData("captureflow:" + New, true)]
    [InlineData("somebody:" + Old, false)]
    [InlineData("captureflow:", false)]
    [InlineData("captureflow", false)]
    public async Task Basic(string credentials, bool holds) => Assert.Equal(holds, await HoldsAsync(
        "grafana", new() { Kind = "basic", Secrets = [Old, New] }, r => Set(r, "Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)))));

    [Theory]
    [InlineData("Basic ???")]
    [InlineData("Basic ")]
    [InlineData("Basic")]
    public async Task Basic_NoBase64_Refused(string header) => Assert.False(await HoldsAsync("grafana", new() { Kind = "basic", Secrets = [Old] }, r => Set(r, "Authorization", header)));

    [Theory]
    [InlineData("?auth_token=" + Old, true)]
    [InlineData("?auth_token=" + New, true)]
    [InlineData("?auth_token=wrong", false)]
    [InlineData("?auth_token=" + Old + "&auth_token=" + Old, false)]
    [InlineData("?code=" + Old, false)]
    [InlineData("", false)]
    public async Task QueryToken(string query, bool holds) => Assert.Equal(holds, await HoldsAsync("google-cloud", new() { Kind = "queryToken", Secrets = [Old, New] }, r => r.QueryString = new(query)));

    [Theory]
    [InlineData("?code=" + Old, null, true)]
    [InlineData("", New, true)]
    [InlineData("?code=" + Old, "wrong", false)]
    [InlineData("", null, false)]
    public async Task FunctionKey(string query, string? header, bool holds) => Assert.Equal(holds, await HoldsAsync("azure-monitor", new() { Kind = "functionKey", Secrets = [Old, New] }, r =>
    {
        r.QueryString = new(query);
        Set(r, "x-functions-key", header);
    }));

    [Fact]
    public async Task Hmac_PagerDutyInRotation_AnyOfBothByAnyOfBoth()
    {
        AlertAuthenticationOptions options = new() { Kind = "hmac", Secrets = [Old, New] };

        Assert.True(await HoldsAsync("pagerduty", options, r => Set(r, "X-PagerDuty-Signature", $"v1={Hex(Old)}")));
        Assert.True(await HoldsAsync("pagerduty", options, r => Set(r, "X-PagerDuty-Signature", $"v1={Hex("somebody-elses-secret")},v1={Hex(New)}")));
        Assert.True(await HoldsAsync("pagerduty", options, r => Set(r, "X-PagerDuty-Signature", $"v1={Hex(Old).ToUpperInvariant()}, v2=x")));
    }

    [Theory]
    [InlineData("v1=")]
    [InlineData("v1=zz")]
    [InlineData("v1=RIGHT0")]
    [InlineData("RIGHT")]
    [InlineData("v2=RIGHT")]
    [InlineData("v1=OTHER")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Hmac_PagerDutyNotRight_Refused(string? header) => Assert.False(await HoldsAsync(
        "pagerduty", new() { Kind = "hmac", Secrets = [Old] }, r => Set(r, "X-PagerDuty-Signature", header?.Replace("RIGHT", Hex(Old), StringComparison.Ordinal).Replace("OTHER", Hex(New), StringComparison.Ordinal))));

    [Fact]
    public async Task Hmac_BodyOfSomebodyElse_Refused()
    {
        var other = HttpSignature(Old, "", Encoding.UTF8.GetBytes("""{"a":2}"""));

        Assert.False(await HoldsAsync("pagerduty", new() { Kind = "hmac", Secrets = [Old] }, r => Set(r, "X-PagerDuty-Signature", $"v1={other}")));
    }

    [Fact]
    public async Task Hmac_GrafanaBareHexInAHeaderOfItsOwn_Accepted()
    {
        Assert.True(await HoldsAsync("grafana", new() { Kind = "hmac", Secrets = [Old] }, r => Set(r, "X-Grafana-Alerting-Signature", Hex(Old))));
        Assert.True(await HoldsAsync("grafana", new() { Kind = "hmac", Secrets = [Old], Header = "X-Grafana-Alert-Signature" }, r => Set(r, "X-Grafana-Alert-Signature", Hex(Old))));
        Assert.False(await HoldsAsync("grafana", new() { Kind = "hmac", Secrets = [Old], Header = "X-Grafana-Alert-Signature" }, r => Set(r, "X-Grafana-Alerting-Signature", Hex(Old))));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(299, true)]
    [InlineData(-299, true)]
    [InlineData(301, false)]
    [InlineData(-301, false)]
    public async Task Hmac_GrafanaWithTime_ReplayOfMoreThanFiveMinutesRefused(int secondsAgo, bool holds)
    {
        var sent = $"{_time.GetUtcNow().AddSeconds(-secondsAgo).ToUnixTimeSeconds()}";

        Assert.Equal(holds, await TimedAsync(sent, HttpSignature(Old, $"{sent}:", Body)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9999999999999")]
    [InlineData("-1")]
    [InlineData("1e9")]
    [InlineData(null)]
    public async Task Hmac_GrafanaWithNoTime_Refused(string? sent) => Assert.False(await TimedAsync(sent, HttpSignature(Old, $"{sent}:", Body)));

    [Fact]
    public async Task Hmac_GrafanaTimeChanged_Refused()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();

        Assert.False(await TimedAsync($"{now}", HttpSignature(Old, $"{now - 1}:", Body)));
        Assert.False(await TimedAsync($"{now}", Hex(Old)));
    }

    private Task<bool> TimedAsync(string? sent, string signature) => HoldsAsync("grafana", new() { Kind = "hmac", Secrets = [Old], TimestampHeader = "X-Sent" }, r =>
    {
        Set(r, "X-Sent", sent);
        Set(r, "X-Grafana-Alerting-Signature", signature);
    });

    private Task<bool> HoldsAsync(string source, AlertAuthenticationOptions options, Action<HttpRequest> prepare)
    {
        DefaultHttpContext context = new();
        prepare(context.Request);
        var binding = new AlertBinding("shop", new() { Source = source, Authentication = options });
        return new AlertAuthentication(new(_tokens), new(_tokens), _time).HoldsAsync(binding.Authentication, context.Request, Body, CancellationToken.None);
    }

    private static void Set(HttpRequest request, string header, string? value)
    {
        if (value is not null)
        {
            request.Headers[header] = value;
        }
    }

    private static string Hex(string secret) => HttpSignature(secret, "", Body);

    private static string HttpSignature(string secret, string prefix, byte[] body) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. Encoding.UTF8.GetBytes(prefix), .. body]));
}
