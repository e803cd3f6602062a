using System.Buffers;
using System.Buffers.Binary;
using CaptureFlow.Evidence;

namespace CaptureFlow.Analysis;

/// <summary>
/// Reads pcapng from a stream, front to end, in constant memory. Blocks that hold no packets are passed over, however long. What is cut or
/// corrupt ends the reading, and <see cref="Problem"/> says where and why.
/// </summary>
internal sealed class PcapngReader(Stream stream) : PacketSource
{
    private const uint SectionHeader = 0x0a0d0d0a;
    private const uint InterfaceBlock = 1;
    private const uint OldPacketBlock = 2;
    private const uint SimplePacketBlock = 3;
    private const uint PacketBlock = 6;
    private const uint ByteOrder = 0x1a2b3c4d;
    private const int HeadAndTail = 12;
    private const int BufferSize = 1 << 20;

    /// <summary>The longest packet, and room for its options.</summary>
    private const uint LongestBlock = PcapReader.LongestRecord + (1 << 17);

    /// <summary>One of each process or pod is seen; of each packet would be an attack.</summary>
    private const int MostInterfaces = 4_096;

    private readonly List<PcapngInterface> _interfaces = [];
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private bool _bigEndian;
    private bool _ended;
    private int _start;
    private int _end;
    private long _skip;
    private long _parsed;
    private long _read;
    private long _snapLength;
    private string? _problem;

    public override string Format => "pcapng";

    public override string? Problem => _problem;

    public override long SnapLength => _snapLength;

    public override long BytesLeft => _read - _parsed;

    public override long BytesRead => _read;

    /// <summary>Of the last section.</summary>
    public bool BigEndian => _bigEndian;

    /// <summary>The first interface of the last section; null when it has none.</summary>
    public PcapngInterface? First => _interfaces.Count > 0 ? _interfaces[0] : null;

    public override bool TryRead()
    {
        while (_problem is null && TryTakeBlock(out var type, out var body))
        {
            if (type is PacketBlock or OldPacketBlock or SimplePacketBlock ? TryReadPacket(type, body) : !ReadOther(type, body.Span))
            {
                return _problem is null;
            }
        }

        return false;
    }

    public override async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended || _problem is not null)
        {
            return false;
        }

        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        (_start, _end) = (0, _end - _start);
        var read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _ended = read == 0;
        _end += read;
        _read += read;
        return !_ended;
    }

    public override void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _end = 0;
            _ended = true;
        }
    }

    private bool TryTakeBlock(out uint type, out ReadOnlyMemory<byte> body)
    {
        (type, body) = (0, default);
        if (!TrySkip())
        {
            return false;
        }

        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (bytes.Length < HeadAndTail)
        {
            return false;
        }

        type = PcapHeader.ReadUInt32(bytes, _bigEndian);
        if (type == SectionHeader && !TryReadByteOrder(bytes[8..]))
        {
            return false;
        }

        var length = PcapHeader.ReadUInt32(bytes[4..], _bigEndian);
        if (length < HeadAndTail || length % 4 != 0)
        {
            _problem = $"The block at byte {_parsed} says that it is {length} bytes long, which no block is.";
            return false;
        }

        if (length > LongestBlock)
        {
            return PassOver(type, length);
        }

        if (bytes.Length < length)
        {
            return false;
        }

        if (PcapHeader.ReadUInt32(bytes[(int)(length - 4)..], _bigEndian) != length)
        {
            _problem = $"The block at byte {_parsed} does not end with the length that it begins with.";
            return false;
        }

        body = _buffer.AsMemory(_start + 8, (int)length - HeadAndTail);
        _start += (int)length;
        _parsed += length;
        return true;
    }

    private bool PassOver(uint type, uint length)
    {
        if (type is PacketBlock or OldPacketBlock or SimplePacketBlock or SectionHeader)
        {
            _problem = $"The block at byte {_parsed} claims {length} bytes, more than any packet has.";
        }

        _skip = length;
        return false;
    }

    /// <summary>Leaves out what is in the buffer of a long block that holds no packets.</summary>
    private bool TrySkip()
    {
        var length = (int)Math.Min(_skip, _end - _start);
        _start += length;
        _parsed += length;
        _skip -= length;
        return _skip == 0;
    }

    private bool TryReadByteOrder(ReadOnlySpan<byte> magic)
    {
        _bigEndian = BinaryPrimitives.ReadUInt32BigEndian(magic) == ByteOrder;
        if (_bigEndian || BinaryPrimitives.ReadUInt32LittleEndian(magic) == ByteOrder)
        {
            return true;
        }

        _problem = $"The section header at byte {_parsed} has no byte order magic.";
        return false;
    }

    /// <returns>False when reading cannot go on.</returns>
    private bool ReadOther(uint type, ReadOnlySpan<byte> body)
    {
        if (type == SectionHeader)
        {
            _interfaces.Clear();
        }
        else if (type == InterfaceBlock && body.Length < 8)
        {
            _problem = $"The interface before byte {_parsed} is described in {body.Length} bytes, too few.";
        }
        else if (type == InterfaceBlock && _interfaces.Count == MostInterfaces)
        {
            _problem = $"There are more than {MostInterfaces} interfaces at byte {_parsed}.";
        }
        else if (type == InterfaceBlock)
        {
            _interfaces.Add(PcapngInterface.Read(body, _bigEndian));
            _snapLength = Math.Max(_snapLength, _interfaces[^1].SnapLength);
        }

        return _problem is null;
    }

    /// <returns>True with a packet, and with a problem.</returns>
    private bool TryReadPacket(uint type, ReadOnlyMemory<byte> block)
    {
        var body = block.Span;
        var head = type == SimplePacketBlock ? 4 : 20;
        if (body.Length < head)
        {
            return Corrupt($"has {body.Length} bytes, too few for its header");
        }

        var number = type == PacketBlock ? PcapHeader.ReadUInt32(body, _bigEndian) : type == OldPacketBlock ? PcapHeader.ReadUInt16(body, _bigEndian) : 0u;
        if (number >= _interfaces.Count)
        {
            return Corrupt($"names interface {number}, which the file does not describe");
        }

        var from = _interfaces[(int)number];
        var wire = PcapHeader.ReadUInt32(body[(head - 4)..], _bigEndian);
        var captured = type == SimplePacketBlock
            ? Math.Min(wire, from.SnapLength == 0 ? uint.MaxValue : (uint)from.SnapLength)
            : PcapHeader.ReadUInt32(body[12..], _bigEndian);
        if (captured > body.Length - head)
        {
            return Corrupt($"claims {captured} bytes of packet and has room for {body.Length - head}");
        }

        var (seconds, fraction) = type == SimplePacketBlock
            ? default
            : from.Time(((ulong)PcapHeader.ReadUInt32(body[4..], _bigEndian) << 32) | PcapHeader.ReadUInt32(body[8..], _bigEndian));
        Current = new(from.LinkType, seconds, fraction, wire, block.Slice(head, (int)captured));
        Interface = (int)number;
        return true;
    }

    private bool Corrupt(string why)
    {
        _problem = $"The packet before byte {_parsed} {why}.";
        return true;
    }
}
