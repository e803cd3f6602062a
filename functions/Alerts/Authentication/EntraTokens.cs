namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>Tokens of Entra ID: signed by the tenant's keys, for our audience, of the application that we expect, with its role.</summary>
public sealed class EntraTokens(OpenIdTokens tokens)
{
    private static readonly Uri PublicCloud = new("https://login.microsoftonline.com");

    /// <exception cref="Orchestrations.StepUnavailableException">The tenant's keys could not be fetched, so that nothing can be said about
    /// the token.</exception>
    internal async Task<bool> IsValidAsync(AlertAuthenticationOptions options, string? token, CancellationToken cancellationToken)
    {
        var provider = $"{(options.Authority ?? PublicCloud).GetLeftPart(UriPartial.Authority)}/{options.TenantId}/v2.0";
        IReadOnlyList<string> issuers = options.Issuer is { } issuer ? [issuer] : [$"https://sts.windows.net/{options.TenantId}/", provider];
        return await tokens.TryReadAsync(token, provider, issuers, options.Audience, cancellationToken) is { } claims && IsCaller(claims, options);
    }

    private static bool IsCaller(ILookup<string, string> claims, AlertAuthenticationOptions options)
    {
        string[] Of(string type) => [.. claims[type]];
        // Version 1 of the tokens names the caller appid, version 2 azp.
        return Of("tid") is [{ } tenant] && string.Equals(tenant, options.TenantId, StringComparison.OrdinalIgnoreCase)
            && Of("appid").Concat(Of("azp")).ToList() is [{ } caller, ..] && string.Equals(caller, options.AppId, StringComparison.OrdinalIgnoreCase)
            && Of("roles").Contains(options.Role, StringComparer.Ordinal);
    }
}
