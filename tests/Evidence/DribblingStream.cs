namespace CaptureFlow.Evidence.Tests;

/// <summary>Gives its bytes in pieces of at most a given size, as sockets do, and counts the reads.</summary>
internal sealed class DribblingStream(byte[] bytes, int piece) : MemoryStream(bytes)
{
    public int Reads { get; private set; }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Reads++;
        return base.ReadAsync(buffer[..Math.Min(piece, buffer.Length)], cancellationToken);
    }
}
