using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A store that refuses staged bytes beyond a size.</summary>
internal sealed class FullStore(ICaptureStore inner, long capacity) : ICaptureStore
{
    public async Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken) =>
        new Area(await inner.OpenStagingAsync(captureId, cancellationToken), capacity);

    public Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken) => inner.TryReadStagedAsync(captureId, cancellationToken);

    public Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken) => inner.EnsureStoredAsync(manifest, cancellationToken);

    public Task EnsureProofAsync(string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken) =>
        inner.EnsureProofAsync(captureId, proof, timeline, cancellationToken);

    public Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken) => inner.EnsureDiscardedAsync(captureId, cancellationToken);

    public Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken) => inner.TryReadManifestAsync(captureId, cancellationToken);

    public Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken) => inner.TryOpenFileAsync(captureId, fileName, cancellationToken);

    public Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        inner.TryAddDerivedAsync(captureId, fileName, content, cancellationToken);

    private sealed class Area(IStagingArea inner, long capacity) : IStagingArea
    {
        public long Length => inner.Length;

        public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken) => Length + bytes.Length <= capacity
            ? inner.AppendAsync(bytes, cancellationToken)
            : throw new StoreRefusedException(new(FaultCodes.StoreRefused, "Full.", "Free space."));

        public ValueTask FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public ValueTask ResetAsync(CancellationToken cancellationToken) => inner.ResetAsync(cancellationToken);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
