namespace CaptureFlow.Sites.Gce;

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
