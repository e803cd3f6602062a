namespace CaptureFlow.Orchestrations;

/// <summary>
/// Where evidence is kept. Bytes are first staged, resumable after any break, and then stored in one atomic step; what is stored is never
/// changed or replaced, but for the revocation proof that is added to the manifest once. Files made of it may join it later. Every method may be repeated.
/// A refusal (full, forbidden) is a fault, carried by <see cref="StoreRefusedException"/> where a method returns no result;
/// <see cref="StepUnavailableException"/> says that the step is worth repeating (another runner is at it, the store is away).
/// Reading with an id that is none finds nothing; writing with one is an <see cref="ArgumentException"/>.
/// </summary>
public interface ICaptureStore
{
    /// <summary>Opens the staging area of a capture for appending, with what an earlier run left in it.</summary>
    Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken);

    /// <summary>Reads the staged bytes from their start; null when nothing is staged.</summary>
    Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the staged bytes and the manifest permanent, both or neither. When an earlier run already did, reads back and compares: equal
    /// is success, different is a <see cref="FaultCodes.NameTaken"/> fault.
    /// </summary>
    /// <param name="manifest">Its evidence's <see cref="StoredEvidence.Location"/> is filled in by the store.</param>
    /// <param name="cancellationToken">Stops the attempt; nothing is half stored.</param>
    Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken);

    /// <summary>Adds the proof and the finished timeline to a stored manifest; does nothing when the capture stored none.</summary>
    Task EnsureProofAsync(string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken);

    /// <summary>Removes what is staged for a capture; never what is stored.</summary>
    Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken);

    Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken);

    /// <summary>Opens a stored file (or the manifest itself) for download; null when there is none of that name.</summary>
    Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken);

    /// <summary>
    /// Puts a file that was made of a stored capture beside it, unless one of that name is there. It is kept as long as the capture, and like
    /// the capture it is never replaced.
    /// </summary>
    /// <param name="captureId">The capture.</param>
    /// <param name="fileName">One of <see cref="EvidenceFiles.Derived"/>; any other is an <see cref="ArgumentException"/>.</param>
    /// <param name="content">All of it; a page or two.</param>
    /// <param name="cancellationToken">Stops the attempt; nothing is half written.</param>
    /// <returns>False when there is one of that name, which stays, or the capture is not stored.</returns>
    Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);
}

/// <summary>The staged bytes of one capture, open for appending by one runner.</summary>
public interface IStagingArea : IAsyncDisposable
{
    /// <summary>Bytes staged so far, from the start of the file without a gap: the offset to resume at.</summary>
    long Length { get; }

    /// <summary>Appends; returns when the bytes are accepted, which is the sender's back-pressure.</summary>
    ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Makes what was appended survive a crash.</summary>
    ValueTask FlushAsync(CancellationToken cancellationToken);

    /// <summary>Drops everything staged, to start from byte 0 (after a mismatch of hashes).</summary>
    ValueTask ResetAsync(CancellationToken cancellationToken);
}
