using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Two blocks between the socket and the store: while one is written and hashed, the other fills, and the sender waits only when both are
/// full. Written in blocks, a gigabyte costs a thousand writes instead of the thirty thousand messages that it came in.
/// </summary>
internal sealed class StagingBuffer(IStagingArea area, IncrementalHash hash, long flushEvery) : IDisposable
{
    /// <summary>Below the size at which a write costs more than what it writes; two of them are what a transfer holds in memory.</summary>
    public const int BlockBytes = 1 << 20;

    // Not the token of whoever appends: a block is written although the attempt that brought it has ended.
    private readonly CancellationTokenSource _stop = new();
    private byte[] _filling = new byte[BlockBytes];
    private byte[] _writing = new byte[BlockBytes];
    private int _filled;
    private Task _write = Task.CompletedTask;
    private long _written = area.Length;
    private long _flushed = area.Length;

    /// <summary>Bytes taken; after a refused write, bytes written.</summary>
    public long Length { get; private set; } = area.Length;

    /// <summary>Returns when the bytes are taken; the sender's back-pressure is the wait for the block before.</summary>
    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var taken = Math.Min(bytes.Length, BlockBytes - _filled);
            bytes.Span[..taken].CopyTo(_filling.AsSpan(_filled));
            bytes = bytes[taken..];
            _filled += taken;
            Length += taken;
            if (_filled == BlockBytes)
            {
                await PassOnAsync();
            }
        }
    }

    /// <summary>Writes and hashes all that was taken.</summary>
    public async ValueTask DrainAsync()
    {
        await PassOnAsync();
        await EndWriteAsync();
    }

    /// <summary>Makes all that was taken survive a crash.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await DrainAsync();
        if (_written != _flushed)
        {
            await area.FlushAsync(cancellationToken);
            _flushed = _written;
        }
    }

    /// <summary>Drops all, here and in the store.</summary>
    public async ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        _filled = 0;
        await EndWriteAsync();
        await area.ResetAsync(cancellationToken);
        _ = hash.GetHashAndReset();
        (Length, _written, _flushed) = (0, 0, 0);
    }

    /// <summary>Writes what was taken, for as long as may be.</summary>
    public async ValueTask StopAsync(TimeSpan within)
    {
        _stop.CancelAfter(within);
        await DrainAsync();
    }

    public void Dispose() => _stop.Dispose();

    private async ValueTask PassOnAsync()
    {
        await EndWriteAsync();
        if (_filled > 0)
        {
            (_filling, _writing) = (_writing, _filling);
            var block = _writing.AsMemory(0, _filled);
            _filled = 0;
            _write = Task.Run(() => WriteAsync(block, _stop.Token), CancellationToken.None);
        }
    }

    // A block that was refused is not staged, and what came after it would leave a gap: the length falls back to what is written.
    private async ValueTask EndWriteAsync()
    {
        try
        {
            await _write;
        }
        catch
        {
            _filled = 0;
            Length = _written;
            throw;
        }
        finally
        {
            _write = Task.CompletedTask;
        }
    }

    private async Task WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancellationToken)
    {
        await area.AppendAsync(block, cancellationToken);
        hash.AppendData(block.Span);
        _written += block.Length;
        if (_written - _flushed >= flushEvery)
        {
            await area.FlushAsync(cancellationToken);
            _flushed = _written;
        }
    }
}
