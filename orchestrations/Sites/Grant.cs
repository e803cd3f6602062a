namespace CaptureFlow.Orchestrations;

/// <summary>The temporary permission of one capture. Holds no secret: tokens are minted where they are used.</summary>
/// <param name="Namespace">Where it holds.</param>
/// <param name="Name">Name of the account and of the binding; the capture id.</param>
/// <param name="AccountUid">The account as made.</param>
/// <param name="BindingUid">The binding as made.</param>
/// <param name="Role">The fixed role that it binds.</param>
/// <param name="GrantedAt">UTC, by the server's clock.</param>
/// <param name="ExpiresAt">UTC, by the server's clock; from here on the reaper takes it back.</param>
public sealed record Grant(
    string Namespace, string Name, string AccountUid, string BindingUid, string Role, DateTimeOffset GrantedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>How far the server's clock was ahead of this side's, negative when behind; null when they agreed within seconds.</summary>
    public TimeSpan? ClusterAhead { get; init; }

    /// <summary>Where its account lives; null for <see cref="Namespace"/>, as every grant had it once.</summary>
    public string? AccountNamespace { get; init; }
}
