namespace CaptureFlow.Analysis;

/// <summary>A file whose first bytes say that there are no packets to be had from it.</summary>
internal sealed class UnreadableSource(string problem, long bytes) : PacketSource
{
    public override string? Format => null;

    public override string? Problem => problem;

    public override long SnapLength => 0;

    public override long BytesLeft => bytes;

    public override long BytesRead => bytes;

    public override bool TryRead() => false;

    public override ValueTask<bool> FillAsync(CancellationToken cancellationToken) => new(false);

    public override void Dispose()
    {
        // Nothing is held.
    }
}
