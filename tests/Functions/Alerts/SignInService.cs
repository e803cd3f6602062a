using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace CaptureFlow.Functions.Tests.Alerts;

/// <summary>A sign-in service on loopback, which publishes its keys as Entra ID and Google do, and signs what a test wants.</summary>
internal sealed class SignInService : IAsyncDisposable
{
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly WebApplication _service;

    private SignInService(string path)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRouting();
        _service = builder.Build();
        _service.MapGet($"{path}/.well-known/openid-configuration", () => Results.Json(new { issuer = $"{Authority}{path}", jwks_uri = $"{Authority}/keys" }));
        _service.MapGet("/keys", () =>
        {
            var key = _rsa.ExportParameters(false);
            return Results.Json(new { keys = new[] { new { kty = "RSA", use = "sig", kid = "one", n = Base64UrlEncoder.Encode(key.Modulus), e = Base64UrlEncoder.Encode(key.Exponent) } } });
        });
    }

    /// <summary>E.g. <c>http://127.0.0.1:4711</c>.</summary>
    public string Authority => _service.Urls.First();

    /// <param name="path">Where it publishes, below its authority; empty for the authority itself.</param>
    public static async Task<SignInService> StartAsync(string path = "")
    {
        SignInService service = new(path);
        await service._service.StartAsync();
        return service;
    }

    public Task StopAsync() => _service.StopAsync();

    /// <param name="issuer">Of the token.</param>
    /// <param name="audience">Of the token.</param>
    /// <param name="claims">The others.</param>
    /// <param name="from">Minutes from now.</param>
    /// <param name="until">Minutes from now.</param>
    /// <param name="key">Null for the published one.</param>
    public string Sign(string issuer, string audience, Dictionary<string, object> claims, int from = -5, int until = 60, RSA? key = null) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = issuer,
            Audience = audience,
            NotBefore = TimeProvider.System.GetUtcNow().AddMinutes(from).UtcDateTime,
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(until).UtcDateTime,
            Claims = claims,
            SigningCredentials = new(new RsaSecurityKey(key ?? _rsa) { KeyId = "one" }, SecurityAlgorithms.RsaSha256) { CryptoProviderFactory = new() { CacheSignatureProviders = false } },
        });

    public async ValueTask DisposeAsync()
    {
        await _service.DisposeAsync();
        _rsa.Dispose();
    }
}
