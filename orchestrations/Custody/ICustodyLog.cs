namespace CaptureFlow.Orchestrations;

/// <summary>
/// The log of each capture: append-only, one JSON document a line, each with the hash of the line before it, so that a line that is changed,
/// taken out or put in between shows. Kept apart from the evidence: it begins before there is any, and stays when its time is over.
/// </summary>
public interface ICustodyLog
{
    /// <summary>
    /// Appends those of <paramref name="entries"/> that are not there, in their order, and returns when they would survive a crash. Safe to repeat
    /// and for several hosts at once: an entry that is there, by event and key, is left as it is.
    /// </summary>
    /// <returns>The place of the last of <paramref name="entries"/>, the same in every repetition.</returns>
    /// <exception cref="StoreRefusedException">The store refuses.</exception>
    /// <exception cref="StepUnavailableException">The store is away, or others are writing without end; worth repeating.</exception>
    Task<CustodyHead> EnsureAsync(string captureId, IReadOnlyList<CustodyEntry> entries, CancellationToken cancellationToken);

    /// <summary>The log as it is, to be disposed; null when there is none.</summary>
    Task<Stream?> TryOpenAsync(string captureId, CancellationToken cancellationToken);
}
