namespace CaptureFlow.Functions.Access;

/// <summary>
/// Whether App Service authentication stands before the app. Only then is its principal header to be believed: the platform strips it from what
/// callers send, and nobody else does.
/// </summary>
public sealed record PlatformAuthentication(bool IsOn)
{
    /// <summary>Set by App Service itself, read-only: https://learn.microsoft.com/azure/app-service/reference-app-settings#authentication.</summary>
    private const string Variable = "WEBSITE_AUTH_ENABLED";

    public static PlatformAuthentication Off { get; } = new(false);

    public static PlatformAuthentication OfProcess() => new(bool.TryParse(Environment.GetEnvironmentVariable(Variable), out var on) && on);
}
