using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>The staged bytes of one capture and their hash, which grow together.</summary>
internal sealed class StagedCopy : IAsyncDisposable
{
    private const int OpeningTries = 3;

    // A store in the same house takes milliseconds; one that hangs must not hold up a host that stops.
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(5);
    private readonly IStagingArea _area;
    private readonly IncrementalHash _hash;
    private readonly StagingBuffer _buffer;

    private StagedCopy(IStagingArea area, IncrementalHash hash, long flushEvery)
    {
        (_area, _hash) = (area, hash);
        _buffer = new(area, hash, flushEvery);
    }

    public long Length => _buffer.Length;

    /// <summary>Of all staged bytes, lower-case hex; to be asked after <see cref="DrainAsync"/>.</summary>
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

    public ValueTask AppendAsync(ReadOnlyMemory<byte> bytes) => _buffer.AppendAsync(bytes);

    /// <summary>Waits until all that was appended is staged and hashed.</summary>
    public ValueTask DrainAsync() => _buffer.DrainAsync();

    /// <summary>Makes all that was appended survive a crash.</summary>
    public ValueTask FlushAsync(CancellationToken cancellationToken) => _buffer.FlushAsync(cancellationToken);

    public ValueTask ResetAsync(CancellationToken cancellationToken) => _buffer.ResetAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        try
        {
            // A host that stops in the middle keeps what it has.
            await _buffer.StopAsync(StopWithin);
        }
        catch (Exception e) when (e is StoreRefusedException or StepUnavailableException or OperationCanceledException)
        {
            // Whoever appended has heard of it, or nobody asks any more: the next run goes on at what is staged.
        }
        finally
        {
            _buffer.Dispose();
            _hash.Dispose();
            await _area.DisposeAsync();
        }
    }

    private static async Task<long> HashAsync(ICaptureStore store, string captureId, IncrementalHash hash, CancellationToken cancellationToken)
    {
        await using var staged = await store.TryReadStagedAsync(captureId, cancellationToken);
        return staged is null ? 0 : await StreamHash.AppendAsync(staged, hash, cancellationToken);
    }
}
