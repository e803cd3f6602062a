using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>The staged bytes of one capture and their hash, which grow together.</summary>
internal sealed class StagedCopy : IAsyncDisposable
{
    private const int OpeningTries = 3;
    private readonly IStagingArea _area;
    private readonly IncrementalHash _hash;
    private readonly long _flushEvery;
    private long _flushed;

    private StagedCopy(IStagingArea area, IncrementalHash hash, long flushEvery)
    {
        (_area, _hash, _flushEvery) = (area, hash, flushEvery);
        _flushed = area.Length;
    }

    public long Length => _area.Length;

    /// <summary>Of all staged bytes, lower-case hex.</summary>
    public string Sha256 => Convert.ToHexStringLower(_hash.GetCurrentHash());

    /// <summary>Opens what an earlier run left, and hashes it: the state of a hash does not survive a process, the bytes do.</summary>
    public static async Task<StagedCopy> OpenAsync(ICaptureStore store, string captureId, long flushEvery, CancellationToken cancellationToken)
    {
        // Read first, then locked by opening: should another runner have written in between, the lengths differ.
        for (var i = 0; i < OpeningTries; i++)
        {
            var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            try
            {
                var hashed = await HashAsync(store, captureId, hash, cancellationToken);
                var area = await store.OpenStagingAsync(captureId, cancellationToken);
                if (area.Length == hashed)
                {
                    return new(area, hash, flushEvery);
                }

                await area.DisposeAsync();
            }
            catch
            {
                hash.Dispose();
                throw;
            }

            hash.Dispose();
        }

        throw new StepUnavailableException($"Another run is staging {captureId}.");
    }

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _area.AppendAsync(bytes, cancellationToken);
        _hash.AppendData(bytes.Span);
        if (_area.Length - _flushed >= _flushEvery)
        {
            await FlushAsync(cancellationToken);
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_area.Length != _flushed)
        {
            await _area.FlushAsync(cancellationToken);
            _flushed = _area.Length;
        }
    }

    public async ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        await _area.ResetAsync(cancellationToken);
        _ = _hash.GetHashAndReset();
        _flushed = 0;
    }

    public async ValueTask DisposeAsync()
    {
        _hash.Dispose();
        await _area.DisposeAsync();
    }

    private static async Task<long> HashAsync(ICaptureStore store, string captureId, IncrementalHash hash, CancellationToken cancellationToken)
    {
        await using var staged = await store.TryReadStagedAsync(captureId, cancellationToken);
        return staged is null ? 0 : await StreamHash.AppendAsync(staged, hash, cancellationToken);
    }
}
