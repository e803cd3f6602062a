using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Access;

/// <summary>
/// The addresses that App Service authentication is told to leave out (<c>excludedPaths</c> in infra/bicep): health, and the alerts, whose senders the
/// app authenticates itself. Microsoft does not say whether the platform strips its principal header from callers there, so none is believed.
/// </summary>
internal static class SignInPaths
{
    public static readonly IReadOnlyList<string> LeftOut = ["/api/health", "/api/health/ready", "/api/alerts/*"];

    public static bool AreLeftOut(PathString path) => path.Value is { } address && LeftOut.Any(left => left.EndsWith('*')
        ? address.StartsWith(left[..^1], StringComparison.OrdinalIgnoreCase)
        : address.TrimEnd('/').Equals(left, StringComparison.OrdinalIgnoreCase));
}
