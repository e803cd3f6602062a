using System.Collections.Concurrent;
using CaptureFlow.Orchestrations;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>
/// Tokens of an OpenID provider: signed by one of its keys, of its issuer, for our audience, and in time. The keys are fetched once and
/// kept, and fetched anew when a token names one that is not among them.
/// </summary>
public sealed class OpenIdTokens : IDisposable
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _keys = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(5) }) { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>The token's claims by their types; null when it does not hold.</summary>
    /// <param name="token">As presented.</param>
    /// <param name="provider">Its address, to which the well-known path is added.</param>
    /// <param name="issuers">Any of which may have issued it.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="cancellationToken">Ends the question.</param>
    /// <exception cref="StepUnavailableException">The keys could not be fetched, so that nothing can be said about the token.</exception>
    internal async Task<ILookup<string, string>?> TryReadAsync(
        string? token, string provider, IReadOnlyList<string> issuers, string? audience, CancellationToken cancellationToken)
    {
        if (token is null || !_handler.CanReadToken(token))
        {
            return null;
        }

        var keys = _keys.GetOrAdd($"{provider}/.well-known/openid-configuration", Keys);
        try
        {
            await keys.GetConfigurationAsync(cancellationToken);
        }
        catch (InvalidOperationException e)
        {
            throw new StepUnavailableException("The signing keys of the sender's sign-in service could not be fetched.", e);
        }

        var result = await _handler.ValidateTokenAsync(token, new()
        {
            ConfigurationManager = keys,
            ValidIssuers = issuers,
            ValidAudience = audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            ClockSkew = Skew,
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken read } ? read.Claims.ToLookup(claim => claim.Type, claim => claim.Value, StringComparer.Ordinal) : null;
    }

    public void Dispose() => _http.Dispose();

    private ConfigurationManager<OpenIdConnectConfiguration> Keys(string address) => new(
        address,
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(_http) { RequireHttps = !new Uri(address).IsLoopback });
}
