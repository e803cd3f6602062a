using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>The two blocks between socket and store.</summary>
public sealed class StagingBufferTests : IDisposable
{
    private static readonly byte[] Bytes = Make.Noise(4 * StagingBuffer.BlockBytes);

    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Dispose() => _hash.Dispose();

    [Fact]
    public async Task Append_StoreBusyWithABlock_TheNextFillsAndTheOneAfterWaits()
    {
        var area = new GatedArea();
        using var buffer = new StagingBuffer(area, _hash, long.MaxValue);

        await buffer.AppendAsync(Bytes.AsMemory(0, StagingBuffer.BlockBytes));
        await buffer.AppendAsync(Bytes.AsMemory(StagingBuffer.BlockBytes, StagingBuffer.BlockBytes - 1));
        var third = buffer.AppendAsync(Bytes.AsMemory((2 * StagingBuffer.BlockBytes) - 1)).AsTask();
        var waited = !third.IsCompleted;
        area.Open();
        await third;
        await buffer.DrainAsync();

        Assert.True(waited);
        Assert.Equal(Bytes, area.Bytes);
        Assert.Equal((Bytes.Length, Make.Sha256(Bytes)), (buffer.Length, Convert.ToHexStringLower(_hash.GetCurrentHash())));
    }

    [Fact]
    public async Task Append_WriteRefused_SaysSoOnceAndKeepsCountOfWhatIsWritten()
    {
        var area = new GatedArea { Capacity = 2 * StagingBuffer.BlockBytes };
        area.Open();
        using var buffer = new StagingBuffer(area, _hash, long.MaxValue);

        await Assert.ThrowsAsync<StoreRefusedException>(async () =>
        {
            await buffer.AppendAsync(Bytes);
            await buffer.DrainAsync();
        });
        await buffer.DrainAsync();

        var kept = Bytes[..(2 * StagingBuffer.BlockBytes)];
        Assert.Equal(kept, area.Bytes);
        Assert.Equal((kept.Length, Make.Sha256(kept)), (buffer.Length, Convert.ToHexStringLower(_hash.GetCurrentHash())));
    }

    [Fact]
    public async Task Stop_StoreThatHangs_GivesUpInTime()
    {
        var area = new GatedArea();
        using var buffer = new StagingBuffer(area, _hash, long.MaxValue);
        await buffer.AppendAsync(Bytes.AsMemory(0, 100));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await buffer.StopAsync(TimeSpan.FromMilliseconds(50)));

        Assert.Empty(area.Bytes);
    }

    /// <summary>Accepts nothing until it is opened, and not more than its capacity.</summary>
    private sealed class GatedArea : IStagingArea
    {
        private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly MemoryStream _bytes = new();

        public long Capacity { get; init; } = long.MaxValue;

        public long Length => _bytes.Length;

        public byte[] Bytes => _bytes.ToArray();

        public void Open() => _gate.SetResult();

        public async ValueTask AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
        {
            await _gate.Task.WaitAsync(cancellationToken);
            if (Length + bytes.Length > Capacity)
            {
                throw new StoreRefusedException(new(FaultCodes.StoreRefused, "Full.", "Free space."));
            }

            _bytes.Write(bytes.Span);
        }

        public ValueTask FlushAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask ResetAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
