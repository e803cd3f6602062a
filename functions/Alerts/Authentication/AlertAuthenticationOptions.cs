namespace CaptureFlow.Functions.Alerts.Authentication;

/// <summary>How the sender of a binding proves itself. What a kind does not use has to be absent.</summary>
public sealed class AlertAuthenticationOptions
{
    /// <summary>bearer, basic, hmac, entra, google, queryToken or functionKey.</summary>
    /// <value>None: every binding says it.</value>
    public string Kind { get; set; } = "";

    /// <summary>One secret, or two while it is being rotated; each is accepted. At least 20 characters.</summary>
    /// <value>None. Every kind but entra and google needs one.</value>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>basic: the user's name.</summary>
    /// <value>captureflow.</value>
    public string User { get; set; } = "captureflow";

    /// <summary>hmac: the header with the signature.</summary>
    /// <value>By source: X-PagerDuty-Signature, or X-Grafana-Alerting-Signature.</value>
    public string? Header { get; set; }

    /// <summary>hmac: <c>hex</c>, the signature alone; or <c>v1</c>, a list of <c>v1=…</c>.</summary>
    /// <value>By source: v1 with pagerduty, else hex.</value>
    public string? Format { get; set; }

    /// <summary>hmac: the header with the time of sending in Unix seconds, which is signed as well; a call of more than 5 minutes ago or ahead is refused.</summary>
    /// <value>None: then only the body is signed.</value>
    public string? TimestampHeader { get; set; }

    /// <summary>queryToken: the query parameter.</summary>
    /// <value>auth_token, as Google Cloud Monitoring names it.</value>
    public string Parameter { get; set; } = "auth_token";

    /// <summary>entra: the tenant whose tokens are accepted, a GUID.</summary>
    /// <value>None: entra needs it.</value>
    public string? TenantId { get; set; }

    /// <summary>
    /// entra: who the tokens are for: the application's identifier URI or client id. google: the audience of the push subscription.
    /// </summary>
    /// <value>None: entra and google need it.</value>
    public string? Audience { get; set; }

    /// <summary>entra: the application that calls.</summary>
    /// <value>461e8683-5575-4561-ac7f-899cc907d62a, Azure Monitor's action groups.</value>
    public string AppId { get; set; } = "461e8683-5575-4561-ac7f-899cc907d62a";

    /// <summary>entra: the application role that the token must bring.</summary>
    /// <value>ActionGroupsSecureWebhook.</value>
    public string Role { get; set; } = "ActionGroupsSecureWebhook";

    /// <summary>google: the service account that the push subscription authenticates as, its mail address.</summary>
    /// <value>None: google needs it.</value>
    public string? ServiceAccount { get; set; }

    /// <summary>entra and google: the sign-in service, for sovereign clouds; plain HTTP on loopback only.</summary>
    /// <value>https://login.microsoftonline.com, or https://accounts.google.com.</value>
    public Uri? Authority { get; set; }

    /// <summary>entra and google: the issuer of the tokens.</summary>
    /// <value>None: that of the tenant's tokens, of version 1 and 2; or Google's.</value>
    public string? Issuer { get; set; }
}
