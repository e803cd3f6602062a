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

/// <summary>A shell on the node.</summary>
internal interface INodeSession : IAsyncDisposable
{
    /// <summary>Runs a command to its end.</summary>
    /// <param name="command">Its words, each of which arrives as it is.</param>
    /// <param name="cap">Longer than it can take; the connection counts as cut after it.</param>
    /// <param name="cancellationToken">Ends the waiting, not the command.</param>
    /// <exception cref="IOException">The connection was cut.</exception>
    Task<NodeAnswer> RunAsync(IReadOnlyList<string> command, TimeSpan cap, CancellationToken cancellationToken);
}

/// <summary>What a command on the node came to.</summary>
internal sealed record NodeAnswer(int ExitCode, string Output, string Errors);

/// <summary>What became of a login.</summary>
/// <param name="Refused">True when the node answered, and said no.</param>
/// <param name="Words">The answer.</param>
internal sealed record LoginTrial(bool Refused, string Words);
