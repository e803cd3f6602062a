using System.Security.Cryptography;
using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Orchestrations;
using Microsoft.IdentityModel.Tokens;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>Tokens of a sign-in service on loopback, which publishes its keys as Entra ID does.</summary>
public sealed class EntraTokenTests : IAsyncLifetime
{
    private const string Tenant = "11111111-2222-3333-4444-555555555555";
    private const string Audience = "api://captureflow";
    private const string AzNs = "461e8683-5575-4561-ac7f-899cc907d62a";

    private readonly OpenIdTokens _tokens = new();
    private SignInService _service = null!;

    public async ValueTask InitializeAsync() => _service = await SignInService.StartAsync($"/{Tenant}/v2.0");

    public async ValueTask DisposeAsync()
    {
        _tokens.Dispose();
        await _service.DisposeAsync();
    }

    [Theory]
    [InlineData("appid", "v1")]
    [InlineData("azp", "v2")]
    public async Task Token_OfTheActionGroups_Accepted(string callerClaim, string version) =>
        Assert.True(await IsValidAsync(Token(callerClaim: callerClaim, issuer: version == "v1" ? $"https://sts.windows.net/{Tenant}/" : null)));

    [Theory]
    [InlineData("audience")]
    [InlineData("issuer")]
    [InlineData("caller")]
    [InlineData("tenant")]
    [InlineData("role")]
    [InlineData("expired")]
    [InlineData("notYet")]
    [InlineData("key")]
    public async Task Token_OnePartWrong_Refused(string part)
    {
        using var stranger = RSA.Create(2048);
        var token = part switch
        {
            "audience" => Token(audience: "api://another"),
            "issuer" => Token(issuer: "https://sts.windows.net/99999999-2222-3333-4444-555555555555/"),
            "caller" => Token(caller: "00000000-0000-0000-0000-000000000001"),
            "tenant" => Token(tenant: "99999999-2222-3333-4444-555555555555"),
            "role" => Token(role: "Reader"),
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
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");

        Assert.False(await IsValidAsync($"{header}.{parts[1]}."));
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

    private Task<bool> IsValidAsync(string? token) => new EntraTokens(_tokens).IsValidAsync(
        new() { Kind = "entra", TenantId = Tenant, Audience = Audience, Authority = new(_service.Authority) }, token, CancellationToken.None);

    private string Token(
        string audience = Audience, string? issuer = null, string caller = AzNs, string callerClaim = "azp", string tenant = Tenant, string role = "ActionGroupsSecureWebhook",
        int from = -5, int until = 60, RSA? key = null) => _service.Sign(
            issuer ?? $"{_service.Authority}/{Tenant}/v2.0",
            audience,
            new() { ["tid"] = tenant, [callerClaim] = caller, ["roles"] = new[] { "Other", role } },
            from,
            until,
            key);
}
