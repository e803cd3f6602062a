namespace CaptureFlow.Functions.Access;

/// <summary>What the platform before the app has made sure of, so that it is to be believed.</summary>
/// <param name="IsOn">
/// App Service authentication stands before the app. Only then is its principal header to be believed: the platform strips it from what callers send, and
/// nobody else does.
/// </param>
public sealed record PlatformAuthentication(bool IsOn)
{
    /// <summary>Set by App Service itself, read-only: https://learn.microsoft.com/azure/app-service/reference-app-settings#authentication.</summary>
    private const string Variable = "WEBSITE_AUTH_ENABLED";

    /// <summary>Nothing stands before the app: the local host.</summary>
    public static PlatformAuthentication Off { get; } = new(false);

    public static PlatformAuthentication OfProcess() => Of(Environment.GetEnvironmentVariable);

    internal static PlatformAuthentication Of(Func<string, string?> environment) => new(bool.TryParse(environment(Variable), out var yes) && yes);
}
