namespace CaptureFlow.Sites.Gce;

/// <summary>A way to the SSH server of a node.</summary>
internal interface INodeTunnel
{
    /// <summary>Opens a way for exactly one TCP connection.</summary>
    /// <exception cref="GceRefusalException">Whoever stands in between says no.</exception>
    /// <exception cref="IOException">There is no way now.</exception>
    Task<INodeRoute> OpenAsync(NodeInstance instance, IReadOnlyList<string> addresses, CancellationToken cancellationToken);
}
