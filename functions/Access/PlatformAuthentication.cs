namespace CaptureFlow.Functions.Access;

/// <summary>What the platform before the app has made sure of, so that it is to be believed.</summary>
/// <param name="IsOn">
/// App Service authentication stands before the app. Only then is its principal header to be believed: the platform strips it from what callers send, and
/// nobody else does.
/// </param>
/// <param name="ChecksKeys">Whoever comes with a function key was let in by it. Not so under <c>func start</c>, where any text is a key.</param>
public sealed record PlatformAuthentication(bool IsOn, bool ChecksKeys = true)
{
    /// <summary>Set by the Functions Core Tools for the host that they start, and handed on to the app.</summary>
    private const string CoreTools = "FUNCTIONS_CORETOOLS_ENVIRONMENT";

    /// <summary>Set by App Service itself, read-only: https://learn.microsoft.com/azure/app-service/reference-app-settings#authentication.</summary>
    private const string Variable = "WEBSITE_AUTH_ENABLED";

    /// <summary>Nothing stands before the app: the local host, which says itself which keys it has checked (<see cref="KnownKey"/>).</summary>
    public static PlatformAuthentication Off { get; } = new(false, ChecksKeys: false);

    public static PlatformAuthentication OfProcess() => Of(Environment.GetEnvironmentVariable);

    internal static PlatformAuthentication Of(Func<string, string?> environment)
    {
        bool Says(string variable) => bool.TryParse(environment(variable), out var yes) && yes;
        return new(Says(Variable), ChecksKeys: !Says(CoreTools));
    }
}
