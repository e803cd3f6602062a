using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Functions.Settings;

namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>What is wrong with a binding's way to authenticate its sender.</summary>
internal static class AuthenticationRules
{
    /// <summary>Shorter secrets can be guessed: 20 characters of base64 are 120 bits.</summary>
    private const int ShortestSecret = 20;

    private const int MostSecrets = 2;

    public static void Check(AlertBindingOptions binding, string path, List<string> problems)
    {
        var options = binding.Authentication;
        if (!AlertAuthenticationKinds.All.Contains(options.Kind))
        {
            problems.Add($"{path}:Kind is one of {string.Join(", ", AlertAuthenticationKinds.All)}.");
        }

        if (options.Kind == AlertAuthenticationKinds.Entra)
        {
            CheckEntra(options, path, problems);
        }
        else if (options.Kind == AlertAuthenticationKinds.Google)
        {
            CheckGoogle(options, path, problems);
        }
        else if (options.Secrets.Count is 0 or > MostSecrets || options.Secrets.Any(secret => secret.Length < ShortestSecret || KeyVaultReference.IsUnresolved(secret)))
        {
            problems.Add($"{path}:Secrets has one secret, or two while it is being rotated, each of at least {ShortestSecret} characters; e.g. from: openssl rand -base64 32. A Key Vault reference must have been resolved.");
        }

        if (options.Kind == AlertAuthenticationKinds.Basic && (options.User.Length == 0 || options.User.Contains(':', StringComparison.Ordinal)))
        {
            problems.Add($"{path}:User is a name without a colon.");
        }

        if (options.Kind == AlertAuthenticationKinds.QueryToken && options.Parameter.Length == 0)
        {
            problems.Add($"{path}:Parameter is the name of a query parameter.");
        }

        if (options.Kind == AlertAuthenticationKinds.Hmac)
        {
            CheckHmac(binding.Source, options, path, problems);
        }
    }

    private static void CheckHmac(string source, AlertAuthenticationOptions options, string path, List<string> problems)
    {
        if (Header(source, options) is null)
        {
            problems.Add($"{path}:Header names the header with the signature; {source} has none of its own.");
        }

        if (Format(source, options) is not ("hex" or "v1"))
        {
            problems.Add($"{path}:Format is hex or v1.");
        }
    }

    private static void CheckEntra(AlertAuthenticationOptions options, string path, List<string> problems)
    {
        if (!Guid.TryParse(options.TenantId, out _))
        {
            problems.Add($"{path}:TenantId is the tenant's GUID.");
        }

        if (string.IsNullOrEmpty(options.Audience))
        {
            problems.Add($"{path}:Audience is the application's identifier URI or client id.");
        }

        CheckAuthority(options, path, problems);
        if (options.Role.Length == 0 || options.AppId.Length == 0)
        {
            problems.Add($"{path}: AppId and Role are not empty; without them any application of the tenant could order captures.");
        }
    }

    private static void CheckGoogle(AlertAuthenticationOptions options, string path, List<string> problems)
    {
        if (string.IsNullOrEmpty(options.Audience))
        {
            problems.Add($"{path}:Audience is the audience of the push subscription: its endpoint's address, where none was set.");
        }

        // Without it any account of Google's could order captures: everybody may ask for a token for our audience.
        if (options.ServiceAccount is not { } account || !account.Contains('@', StringComparison.Ordinal))
        {
            problems.Add($"{path}:ServiceAccount is the mail address of the service account that the push subscription authenticates as.");
        }

        CheckAuthority(options, path, problems);
    }

    private static void CheckAuthority(AlertAuthenticationOptions options, string path, List<string> problems)
    {
        if (options.Authority is { } authority && (!authority.IsAbsoluteUri || (authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback)))
        {
            problems.Add($"{path}:Authority begins with https://.");
        }
    }

    public static string? Header(string source, AlertAuthenticationOptions options) => options.Header ?? source switch
    {
        "pagerduty" => "X-PagerDuty-Signature",
        "grafana" => "X-Grafana-Alerting-Signature",
        _ => null,
    };

    public static string Format(string source, AlertAuthenticationOptions options) => options.Format ?? (source == "pagerduty" ? "v1" : "hex");
}
