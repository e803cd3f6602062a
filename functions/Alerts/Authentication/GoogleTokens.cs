namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>
/// Tokens that Pub/Sub brings to a push endpoint: signed by Google's keys, for our audience, of the one service account that the
/// subscription authenticates as (https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions). Anybody at Google can have a
/// token for our audience: the account is what tells them apart.
/// </summary>
public sealed class GoogleTokens(OpenIdTokens tokens)
{
    private static readonly Uri Google = new("https://accounts.google.com");

    /// <exception cref="Orchestrations.StepUnavailableException">Google's keys could not be fetched, so that nothing can be said about the
    /// token.</exception>
    internal async Task<bool> IsValidAsync(AlertAuthenticationOptions options, string? token, CancellationToken cancellationToken)
    {
        var authority = options.Authority ?? Google;
        var provider = authority.GetLeftPart(UriPartial.Authority);
        // Google writes its issuer with the scheme and, in some tokens, without.
        IReadOnlyList<string> issuers = options.Issuer is { } issuer ? [issuer] : [provider, authority.Authority];
        return await tokens.TryReadAsync(token, provider, issuers, options.Audience, cancellationToken) is { } claims
            && claims["email"].ToList() is [{ } account]
            && string.Equals(account, options.ServiceAccount, StringComparison.OrdinalIgnoreCase)
            && claims["email_verified"].ToList() is [{ } verified]
            && string.Equals(verified, "true", StringComparison.OrdinalIgnoreCase);
    }
}
