using System.Collections.Concurrent;
using CaptureFlow.Orchestrations;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>
/// Tokens of Entra ID: signed by the tenant's keys, for our audience, of the application that we expect, with its role. The keys are fetched
/// once and kept, and fetched anew when a token names one that is not among them.
/// </summary>
public sealed class EntraTokens : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _keys = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <exception cref="StepUnavailableException">The tenant's keys could not be fetched, so that nothing can be said about the token.</exception>
    internal async Task<bool> IsValidAsync(AlertAuthenticationOptions options, string? token, CancellationToken cancellationToken)
    {
        if (token is null || !_handler.CanReadToken(token))
        {
            return false;
        }

        var keys = _keys.GetOrAdd($"{options.Authority.GetLeftPart(UriPartial.Authority)}/{options.TenantId}/v2.0/.well-known/openid-configuration", Keys);
        try
        {
            await keys.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new StepUnavailableException("The signing keys of Entra ID could not be fetched.", e);
        }

        var result = await _handler.ValidateTokenAsync(token, new()
        {
            ConfigurationManager = keys,
            ValidIssuers = options.Issuer is { } issuer ? [issuer] : [$"https://sts.windows.net/{options.TenantId}/", $"{options.Authority.GetLeftPart(UriPartial.Authority)}/{options.TenantId}/v2.0"],
            ValidAudience = options.Audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken read } && IsCaller(read, options);
    }

    public void Dispose() => _http.Dispose();

    private static bool IsCaller(JsonWebToken token, AlertAuthenticationOptions options)
    {
        string[] Claims(string type) => [.. token.Claims.Where(claim => claim.Type == type).Select(claim => claim.Value)];
        // Version 1 of the tokens names the caller appid, version 2 azp.
        return Claims("tid") is [{ } tenant] && string.Equals(tenant, options.TenantId, StringComparison.OrdinalIgnoreCase)
            && Claims("appid").Concat(Claims("azp")).ToList() is [{ } caller, ..] && string.Equals(caller, options.AppId, StringComparison.OrdinalIgnoreCase)
            && Claims("roles").Contains(options.Role, StringComparer.Ordinal);
    }

    private ConfigurationManager<OpenIdConnectConfiguration> Keys(string address) => new(
        address,
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(_http) { RequireHttps = !new Uri(address).IsLoopback });
}
