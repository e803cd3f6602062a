using System.Security.Cryptography;
using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>Tokens as Pub/Sub brings them to a push endpoint, of a sign-in service on loopback that publishes its keys as Google does.</summary>
public sealed class GoogleTokenTests : IAsyncLifetime
{
    public const string Audience = "https://captureflow.example/api/alerts/google-cloud/shop";
    public const string Account = "pubsub-push@shop-prod.iam.gserviceaccount.com";

    private readonly OpenIdTokens _tokens = new();
    private SignInService _service = null!;

    public async ValueTask InitializeAsync() => _service = await SignInService.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _tokens.Dispose();
        await _service.DisposeAsync();
    }

    [Fact]
    public async Task Token_OfTheSubscriptionsAccount_Accepted()
    {
        Assert.True(await IsValidAsync(Token()));
        Assert.True(await IsValidAsync(Token(issuer: new Uri(_service.Authority).Authority)));
    }

    [Theory]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("account")]
    [InlineData("notVerified")]
    [InlineData("noAccount")]
    [InlineData("expired")]
    [InlineData("notYet")]
    [InlineData("key")]
    public async Task Token_OnePartWrong_Refused(string part)
    {
        using var stranger = RSA.Create(2048);
        var token = part switch
        {
            "audience" => Token(audience: "https://captureflow.example/api/alerts/google-cloud/other"),
            "issuer" => Token(issuer: "https://accounts.example.com"),
            "account" => Token(account: "somebody@other-project.iam.gserviceaccount.com"),
            "notVerified" => Token(verified: false),
            "noAccount" => Token(account: null),
            "expired" => Token(from: -120, until: -60),
            "notYet" => Token(from: 60, until: 120),
            _ => Token(key: stranger),
        };

        Assert.False(await IsValidAsync(token));
    }

    [Fact]
    public async Task Token_NotSigned_Refused()
    {
        var parts = Token().Split('.');

        Assert.False(await IsValidAsync($"{parts[0]}.{parts[1]}."));
        Assert.False(await IsValidAsync("not.a.token"));
        Assert.False(await IsValidAsync(null));
    }

    [Fact]
    public async Task Token_KeysCannotBeFetched_NothingIsSaidAboutIt()
    {
        var token = Token();
        await _service.StopAsync();

        await Assert.ThrowsAsync<StepUnavailableException>(() => IsValidAsync(token));
    }

    private Task<bool> IsValidAsync(string? token) => new GoogleTokens(_tokens).IsValidAsync(
        new() { Kind = "google", ServiceAccount = Account, Audience = Audience, Authority = new(_service.Authority) }, token, CancellationToken.None);

    private string Token(string audience = Audience, string? issuer = null, string? account = Account, bool verified = true, int from = -5, int until = 60, RSA? key = null) =>
        _service.Sign(issuer ?? _service.Authority, audience, Claims(account, verified), from, until, key);

    /// <summary>As in a token of Pub/Sub's.</summary>
    internal static Dictionary<string, object> Claims(string? account, bool verified = true)
    {
        Dictionary<string, object> claims = new() { ["sub"] = "113774264463038321964", ["azp"] = "113774264463038321964", ["email_verified"] = verified };
        if (account is not null)
        {
            claims["email"] = account;
        }

        return claims;
    }
}
