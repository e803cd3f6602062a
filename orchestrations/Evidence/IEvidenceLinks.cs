namespace CaptureFlow.Orchestrations;

/// <summary>Links to stored files that work without further rights, for minutes.</summary>
public interface IEvidenceLinks
{
    /// <summary>
    /// A link to one stored file, made for one request and noted in the capture's log before it is given out.
    /// </summary>
    /// <param name="captureId">The capture.</param>
    /// <param name="fileName">A name of <see cref="EvidenceFiles"/>.</param>
    /// <param name="requestedBy">Who asked for it, as the trigger established it.</param>
    /// <param name="cancellationToken">No link is given out then, though one may have been noted.</param>
    /// <returns>Null when this store has no links (read the file through it), or there is no such file.</returns>
    /// <exception cref="StepUnavailableException">The store is away.</exception>
    /// <exception cref="StoreRefusedException">The store refuses to make a link or to note it.</exception>
    Task<Uri?> TryLinkAsync(string captureId, string fileName, Actor requestedBy, CancellationToken cancellationToken);
}
