namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A bearer token for an API server. A class, not a record: its value must not be printed.</summary>
internal sealed class AccessToken(string value, DateTimeOffset renewAt, DateTimeOffset expiresAt)
{
    public string Value { get; } = value;

    /// <summary>From here on a new one is asked for.</summary>
    public DateTimeOffset RenewAt { get; } = renewAt;

    /// <summary>From here on it is not used.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;
}
