using System.Buffers;
using Azure;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>Fills one pooled buffer, stages it as a block, fills it again: memory does not grow with the capture, and the sender waits for the store.</summary>
internal sealed class BlobStaging : IStagingArea
{
    /// <summary>The service's limit.</summary>
    private const int MostBlocks = 50_000;

    /// <summary>A block that arrives damaged is sent again; the third time it is not the transport.</summary>
    private const int ChecksumTries = 3;

    private readonly StagedBlob _staged;
    private readonly StagingLease _lease;
    private readonly BlobAccess _access;
    private readonly BlobRefusals _refusals;
    private readonly ILogger _logger;
    private readonly string _captureId;
    private readonly int _blockSize;
    private readonly byte[] _buffer;
    private long _written;
    private int _blocks;
    private int _fill;
    private bool _disposed;

    public BlobStaging(StagedBlob staged, StagingLease lease, StagedState state, string captureId, BlobAccess access, BlobStoreOptions options, BlobRefusals refusals, ILogger logger)
    {
        (_staged, _lease, _captureId, _access, _refusals, _logger) = (staged, lease, captureId, access, refusals, logger);
        (_written, _blocks, _blockSize) = (state.Chain.Length, state.Chain.Blocks.Count, options.BlockSize);
        _buffer = ArrayPool<byte>.Shared.Rent(_blockSize);
    }

    public long Length => _written + _fill;

    public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        while (bytes.Length > 0)
        {
            var taken = Math.Min(bytes.Length, _blockSize - _fill);
            bytes[..taken].CopyTo(_buffer.AsMemory(_fill));
            _fill += taken;
            bytes = bytes[taken..];
            if (_fill == _blockSize)
            {
                await StageAsync(cancellationToken);
            }
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_fill > 0)
        {
            await StageAsync(cancellationToken);
        }
    }

    public async ValueTask ResetAsync(CancellationToken cancellationToken)
    {
        (_fill, _written, _blocks) = (0, 0, 0);
        await _refusals.GuardAsync(
            async () =>
            {
                await _lease.KeepAsync(cancellationToken);
                return await _staged.ResetAsync(cancellationToken);
            },
            cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disposed)
        {
            _disposed = true;
            // Captures hold anybody's traffic: it is not left to the next user of the buffer.
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
            await _lease.DisposeAsync();
        }
    }

    private async Task StageAsync(CancellationToken cancellationToken)
    {
        if (_blocks >= MostBlocks)
        {
            throw new StoreRefusedException(new(
                FaultCodes.StoreRefused,
                $"The capture has {MostBlocks} blocks, and a blob holds no more.",
                $"Set {BlobStoreOptions.Section}:BlockSize higher and take the capture again. What is staged is kept."));
        }

        var block = BlockId.Of(_written, _buffer.AsSpan(0, _fill));
        try
        {
            await _refusals.GuardAsync(() => StageAsync(block, cancellationToken), cancellationToken);
        }
        catch
        {
            // What the store did not take is not staged: the next run resumes before it.
            _fill = 0;
            throw;
        }

        _written += _fill;
        _blocks++;
        _fill = 0;
    }

    private async Task<bool> StageAsync(BlockId block, CancellationToken cancellationToken)
    {
        await _lease.KeepAsync(cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            using var content = new MemoryStream(_buffer, 0, _fill, writable: false);
            try
            {
                await _staged.Blob.StageBlockAsync(block.Text, content, new() { TransferValidation = new() { ChecksumAlgorithm = _access.Checksum } }, cancellationToken);
                return true;
            }
            catch (RequestFailedException damaged) when (attempt < ChecksumTries && BlobRefusals.IsChecksum(damaged))
            {
                Log.BlockDamaged(_logger, _captureId, block.Offset, attempt);
            }
        }
    }
}
