namespace CaptureFlow.Functions.Notifications;

/// <summary>Where an order may have its end told by one POST: <c>CaptureFlow:Callbacks</c>.</summary>
public sealed class CallbackOptions
{
    public const string Section = "CaptureFlow:Callbacks";

    /// <summary>
    /// The hosts that an order may name: <c>engine.example.com</c>, with a port where it is not that of https, or <c>*.logic.azure.com</c> for every name below it.
    /// </summary>
    /// <value>Empty: an order has no callback.</value>
    public IList<string> Hosts { get; init; } = [];

    /// <summary>One secret to sign with, or two while it is being rotated. At least 20 characters. Addresses are sealed with the first in what is kept.</summary>
    /// <value>None. Needed where there are hosts.</value>
    public IList<string> Secrets { get; init; } = [];

    /// <summary>Whether a host's name may lead to a private address.</summary>
    /// <value>False: only to a public one.</value>
    public bool AllowPrivate { get; set; }
}
