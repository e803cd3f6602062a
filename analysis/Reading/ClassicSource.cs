using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>Classic pcap, read by the reader that decides the verdict.</summary>
internal sealed class ClassicSource(PcapReader reader) : PacketSource
{
    public override string? Format => reader.Header is null ? null : "pcap";

    public override string? Problem => reader.Problem;

    public override long SnapLength => reader.Header?.SnapLength ?? 0;

    public override long BytesLeft => reader.BytesRead - reader.BytesParsed;

    public override long BytesRead => reader.BytesRead;

    public override bool TryRead()
    {
        if (!reader.TryReadBuffered())
        {
            return false;
        }

        Current = reader.Current;
        return true;
    }

    public override ValueTask<bool> FillAsync(CancellationToken cancellationToken) => reader.FillAsync(cancellationToken);

    public override void Dispose() => reader.Dispose();
}
