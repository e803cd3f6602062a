using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Gce;

/// <summary>Logs in on a plan's node with the capture's own key.</summary>
internal interface INodeSessions
{
    /// <summary>A session; waits up to <paramref name="patience"/> for a new key to be let in.</summary>
    /// <param name="plan">Says the node and the capture.</param>
    /// <param name="expiresAt">Of a key that has to be made first.</param>
    /// <param name="patience">Zero tries once.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="GceRefusalException">The host key is not the known one, or the key was not let in.</exception>
    /// <exception cref="StepUnavailableException">The node was not reached.</exception>
    Task<INodeSession> OpenAsync(CapturePlan plan, DateTimeOffset expiresAt, TimeSpan patience, CancellationToken cancellationToken);

    /// <summary>A file of the node from a byte on. Exceptions as above, and <see cref="FileNotFoundException"/>.</summary>
    Task<Stream> OpenFileAsync(CapturePlan plan, DateTimeOffset expiresAt, string path, long offset, CancellationToken cancellationToken);

    /// <summary>Tries a key that should not be let in any more, once.</summary>
    Task<LoginTrial> TryLoginAsync(CapturePlan plan, CaptureKey key, CancellationToken cancellationToken);
}
