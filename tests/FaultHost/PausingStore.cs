using CaptureFlow.Orchestrations;

namespace CaptureFlow.FaultHost;

internal sealed class PausingStore(ICaptureStore inner, PausePoint pause) : ICaptureStore
{
    public Task<IStagingArea> OpenStagingAsync(string captureId, CancellationToken cancellationToken) =>
        inner.OpenStagingAsync(captureId, cancellationToken);

    public Task<Stream?> TryReadStagedAsync(string captureId, CancellationToken cancellationToken) =>
        inner.TryReadStagedAsync(captureId, cancellationToken);

    public Task<StepResult<StoredEvidence>> EnsureStoredAsync(CaptureManifest manifest, CancellationToken cancellationToken) =>
        pause.AroundAsync("store", () => inner.EnsureStoredAsync(manifest, cancellationToken));

    public async Task EnsureProofAsync(
        string captureId, RevocationProof proof, IReadOnlyList<StepRecord> timeline, CancellationToken cancellationToken)
    {
        await pause.ReachedAsync("proof:before");
        await inner.EnsureProofAsync(captureId, proof, timeline, cancellationToken);
        await pause.ReachedAsync("proof:after");
    }

    public Task EnsureDiscardedAsync(string captureId, CancellationToken cancellationToken) => inner.EnsureDiscardedAsync(captureId, cancellationToken);

    public Task<CaptureManifest?> TryReadManifestAsync(string captureId, CancellationToken cancellationToken) =>
        inner.TryReadManifestAsync(captureId, cancellationToken);

    public Task<Stream?> TryOpenFileAsync(string captureId, string fileName, CancellationToken cancellationToken) =>
        inner.TryOpenFileAsync(captureId, fileName, cancellationToken);

    public Task<bool> TryAddDerivedAsync(string captureId, string fileName, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        pause.AroundAsync($"add-{fileName}", () => inner.TryAddDerivedAsync(captureId, fileName, content, cancellationToken));
}
