using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Triage;

/// <summary>A store with one capture in memory, which counts how often its file is read.</summary>
internal sealed class CardStore : ICaptureStore
{
    private readonly Lock _lock = new();

    public CaptureManifest? Manifest { get; set; } = FakeEvidence.Manifest(FakeEvidence.Order());

    public string Id => Manifest!.Plan.Order.CaptureId;

    /// <summary>What the stored file is read from.</summary>
    public Func<Stream?> File { get; set; } = () => new MemoryStream(Telemetry.FakeSite.File);

    /// <summary>Thrown where a card is kept.</summary>
    public Exception? Refuses { get; set; }

    public Dictionary<string, byte[]> Kept { get; } = [];

    public int Reads { get; private set; }

    public Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken) =>
        Task.FromResult(Manifest is { } manifest && manifest.Plan.Order.CaptureId == captureId ? manifest : null);

    public Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (fileName == EvidenceFiles.Capture)
            {
                Reads++;
                return Task.FromResult(File());
            }

            return Task.FromResult<Stream?>(Kept.TryGetValue(fileName, out var kept) ? new MemoryStream(kept) : null);
        }
    }

    public Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Refuses is null ? Task.FromResult(Kept.TryAdd(fileName, content.ToArray())) : throw Refuses;
        }
    }

    public Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task EnsureProofAsync(string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken) => throw new NotSupportedException();
}
