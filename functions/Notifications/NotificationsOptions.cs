namespace CaptureFlow.Functions.Notifications;

/// <summary>Who is told, and under which address this installation is reached.</summary>
public sealed class NotificationsOptions
{
    public const string Section = "CaptureFlow:Notifications";

    public const string PublicUrlSetting = "CaptureFlow:PublicUrl";

    /// <summary>The receivers by name.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, ReceiverOptions> Receivers { get; init; } = new Dictionary<string, ReceiverOptions>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What links in messages begin with, e.g. <c>https://captureflow.example.com</c>.</summary>
    /// <value>None: messages have no links.</value>
    public string? PublicUrl { get; set; }
}
