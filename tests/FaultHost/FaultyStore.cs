using CaptureFlow.Orchestrations;

namespace CaptureFlow.FaultHost;

/// <summary>A store that does something before each call that writes, and may flip one bit of the first block that it is given.</summary>
internal sealed class FaultyStore(ICaptureStore inner, Func<Task> before, bool corrupt, Func<Task>? beforeProof = null) : ICaptureStore
{
    private int _corrupts = corrupt ? 1 : 0;

    public async Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken)
    {
        await before();
        return new FaultyArea(this, await inner.OpenStagingAsync(captureId, cancellationToken));
    }

    public Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken) => inner.TryReadStagedAsync(captureId, cancellationToken);

    public async Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken)
    {
        await before();
        return await inner.EnsureStoredAsync(manifest, cancellationToken);
    }

    public async Task EnsureProofAsync(string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken)
    {
        await (beforeProof ?? before)();
        await inner.EnsureProofAsync(captureId, proof, timeline, cancellationToken);
    }

    public Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken) => inner.EnsureDiscardedAsync(captureId, cancellationToken);

    public Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken) => inner.TryReadManifestAsync(captureId, cancellationToken);

    public Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken) =>
        inner.TryOpenFileAsync(captureId, fileName, cancellationToken);

    public async Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await before();
        return await inner.TryAddDerivedAsync(captureId, fileName, content, cancellationToken);
    }

    private sealed class FaultyArea(FaultyStore store, IStagingArea area) : IStagingArea
    {
        public long Length => area.Length;

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await store.Before();
            if (Interlocked.Exchange(ref store._corrupts, 0) == 1)
            {
                var copy = bytes.ToArray();
                copy[^1] ^= 1;
                bytes = copy;
            }

            await area.AppendAsync(bytes, cancellationToken);
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => area.FlushAsync(cancellationToken);

        public ValueTask ResetAsync(CancellationToken cancellationToken) => area.ResetAsync(cancellationToken);

        public ValueTask DisposeAsync() => area.DisposeAsync();
    }

    private Task Before() => before();
}
