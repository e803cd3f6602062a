using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Api;

/// <summary>
/// Who is asking. The principal header of App Service authentication is believed only where that authentication is really on, because only
/// then does the platform strip it from what callers send. Otherwise a caller is known by the means that let it in, which is not a name.
/// </summary>
internal static class CallerIdentity
{
    private const string PrincipalName = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const int LongestName = 200;

    private static readonly bool PlatformAuthentication =
        string.Equals(Environment.GetEnvironmentVariable("WEBSITE_AUTH_ENABLED"), "True", StringComparison.OrdinalIgnoreCase);

    public static string Of(HttpRequest request)
    {
        if (PlatformAuthentication && request.Headers[PrincipalName].FirstOrDefault() is { Length: > 0 and <= LongestName } name && !name.Any(char.IsControl))
        {
            return name;
        }

        return request.Headers.ContainsKey("x-functions-key") || request.Query.ContainsKey("code") ? "function-key" : "anonymous";
    }
}
