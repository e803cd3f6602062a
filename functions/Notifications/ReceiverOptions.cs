namespace CaptureFlow.Functions.Notifications;

/// <summary>Who is told when a capture ends: <c>CaptureFlow:Notifications:NAME</c>.</summary>
public sealed class ReceiverOptions
{
    /// <summary>Where to send it. https, or loopback. An address of Slack or Teams is a secret by itself, and never logged.</summary>
    /// <value>None.</value>
    public Uri? Url { get; set; }

    /// <summary>webhook, slack or teams.</summary>
    /// <value>webhook.</value>
    public string Kind { get; set; } = ReceiverKinds.Webhook;

    /// <summary>webhook: one secret to sign with, or two while it is being rotated. At least 20 characters.</summary>
    /// <value>None. A webhook needs one; the others take none.</value>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>Tell of these endings only: completed, refused, denied, expired, cancelled, failed, revokeUnproven, notDiscarded.</summary>
    /// <value>Empty: all.</value>
    public IList<string> Outcomes { get; init; } = [];

    /// <summary>Whether the receiver's name may lead to a private address, as a receiver's inside one's own network does.</summary>
    /// <value>False: only to a public one.</value>
    public bool AllowPrivate { get; set; }
}

/// <summary>The words for <see cref="ReceiverOptions.Kind"/>.</summary>
internal static class ReceiverKinds
{
    public const string Webhook = "webhook";
    public const string Slack = "slack";
    public const string Teams = "teams";
}
