namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>The words for <see cref="AlertAuthenticationOptions.Kind"/>.</summary>
internal static class AlertAuthenticationKinds
{
    public const string Bearer = "bearer";
    public const string Basic = "basic";
    public const string Hmac = "hmac";
    public const string Entra = "entra";
    public const string Google = "google";
    public const string QueryToken = "queryToken";
    public const string FunctionKey = "functionKey";

    public static readonly IReadOnlyList<string> All = [Bearer, Basic, Hmac, Entra, Google, QueryToken, FunctionKey];
}
