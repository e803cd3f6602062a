using System.Buffers.Binary;
using System.Text;

namespace CaptureFlow.Analysis;

/// <summary>
/// Writes pcapng blocks, or the records of a pcap, into one buffer, which goes out whenever it is full enough: what is held does not grow with the file.
/// </summary>
internal sealed class BlockWriter(Stream output, bool bigEndian)
{
    private const int FlushAt = 1 << 18;
    private const int Alignment = 4;
    private byte[] _buffer = new byte[FlushAt * 2];
    private int _length;
    private int _block;

    /// <summary>Starts a block; <see cref="End"/> fills in its length.</summary>
    public BlockWriter Begin(uint type)
    {
        _block = _length;
        return UInt32(type).UInt32(0);
    }

    public void End()
    {
        var total = (uint)(_length + sizeof(uint) - _block);
        UInt32(total);
        Put(_buffer.AsSpan(_block + sizeof(uint)), total);
    }

    public BlockWriter UInt32(uint value)
    {
        Put(Take(sizeof(uint)), value);
        return this;
    }

    public BlockWriter UInt16(int value)
    {
        var two = Take(sizeof(ushort));
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt16BigEndian(two, (ushort)value);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(two, (ushort)value);
        }

        return this;
    }

    public BlockWriter Bytes(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Take(bytes.Length));
        return this;
    }

    /// <summary>Bytes, and zeros up to the next multiple of four.</summary>
    public BlockWriter Padded(ReadOnlySpan<byte> bytes)
    {
        Bytes(bytes);
        Take((Alignment - (bytes.Length % Alignment)) % Alignment).Clear();
        return this;
    }

    public BlockWriter Option(int code, ReadOnlySpan<byte> value) => UInt16(code).UInt16(value.Length).Padded(value);

    public BlockWriter Option(int code, string text, int mostBytes) => Option(code, Utf8(text, mostBytes));

    public BlockWriter EndOfOptions() => UInt32(0);

    public ValueTask FlushIfFullAsync(CancellationToken cancellationToken) => _length < FlushAt ? default : FlushAsync(cancellationToken);

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        await output.WriteAsync(_buffer.AsMemory(0, _length), cancellationToken);
        _length = 0;
    }

    /// <summary>Without control characters but the line feed, and cut at a whole character.</summary>
    public static byte[] Utf8(string text, int mostBytes)
    {
        StringBuilder clean = new(text.Length);
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var shown = Rune.IsControl(rune) && rune.Value != '\n' ? new Rune(' ') : rune;
            if ((bytes += shown.Utf8SequenceLength) > mostBytes)
            {
                break;
            }

            clean.Append(shown);
        }

        return Encoding.UTF8.GetBytes(clean.ToString());
    }

    private Span<byte> Take(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }

        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }

    private void Put(Span<byte> four, uint value)
    {
        if (bigEndian)
        {
            BinaryPrimitives.WriteUInt32BigEndian(four, value);
        }
        else
        {
            BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        }
    }
}
