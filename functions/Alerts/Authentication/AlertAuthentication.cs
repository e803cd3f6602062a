using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>Whether a call is its binding's sender's. Looks at headers, query and raw body; nothing has been parsed yet.</summary>
public sealed class AlertAuthentication(EntraTokens entra, GoogleTokens google, TimeProvider time)
{
    /// <exception cref="Orchestrations.StepUnavailableException">It cannot be said now.</exception>
    internal async Task<bool> HoldsAsync(AlertAuthenticationOptions options, HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken) =>
        options.Kind switch
        {
            AlertAuthenticationKinds.Bearer => Secrets.Match(HttpCredentials.Bearer(request), options.Secrets),
            AlertAuthenticationKinds.Basic => Secrets.Match(HttpCredentials.Basic(request), options.Secrets.Select(password => $"{options.User}:{password}")),
            AlertAuthenticationKinds.Hmac => HmacSignature.Holds(options, request, body, time.GetUtcNow()),
            AlertAuthenticationKinds.Entra => await entra.IsValidAsync(options, HttpCredentials.Bearer(request), cancellationToken),
            AlertAuthenticationKinds.Google => await google.IsValidAsync(options, HttpCredentials.Bearer(request), cancellationToken),
            AlertAuthenticationKinds.QueryToken => Secrets.Match(Single(request.Query[options.Parameter]), options.Secrets),
            AlertAuthenticationKinds.FunctionKey => Secrets.Match(Single(request.Headers["x-functions-key"]) ?? Single(request.Query["code"]), options.Secrets),
            _ => false,
        };

    private static string? Single(Microsoft.Extensions.Primitives.StringValues values) => values is [{ } value] ? value : null;
}
