using System.Buffers.Binary;

namespace CaptureFlow.Sites.Gce;

/// <summary>The frames of the relay protocol, version 4: a tag of two bytes, then what the tag asks for; big-endian throughout. Pure.</summary>
internal static class IapFrames
{
    public const ushort ConnectSuccess = 0x0001;
    public const ushort ReconnectSuccess = 0x0002;
    public const ushort Data = 0x0004;
    public const ushort Ack = 0x0007;

    public const string SubProtocol = "relay.tunnel.cloudproxy.app";

    /// <summary>The most bytes that one data frame carries.</summary>
    public const int MostData = 16_384;

    /// <summary>What a data frame has before its bytes.</summary>
    public const int DataHeader = sizeof(ushort) + sizeof(uint);

    /// <summary>Acknowledge when more than this was received since the last acknowledgement.</summary>
    public const int AckAfter = 32_768;

    /// <summary>The next frame of a message; what it had is taken off. False when the rest is nothing that is known.</summary>
    public static bool TryTake(ref ReadOnlyMemory<byte> message, out ushort tag, out ReadOnlyMemory<byte> bytes, out ulong number)
    {
        (tag, bytes, number) = (0, default, 0);
        if (message.Length < sizeof(ushort))
        {
            return false;
        }

        tag = BinaryPrimitives.ReadUInt16BigEndian(message.Span);
        var rest = message[sizeof(ushort)..];
        switch (tag)
        {
            case ConnectSuccess or Data when rest.Length >= sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(rest.Span) is var length && length <= (uint)(rest.Length - sizeof(uint)):
                bytes = rest.Slice(sizeof(uint), (int)length);
                message = rest[(sizeof(uint) + (int)length)..];
                return true;
            case ReconnectSuccess or Ack when rest.Length >= sizeof(ulong):
                number = BinaryPrimitives.ReadUInt64BigEndian(rest.Span);
                message = rest[sizeof(ulong)..];
                return true;
            case ConnectSuccess or Data or ReconnectSuccess or Ack:
                throw new InvalidDataException($"a frame of tag 0x{tag:x4} is cut");
            default:
                return false;
        }
    }

    public static void WriteDataHeader(Span<byte> frame, int length)
    {
        BinaryPrimitives.WriteUInt16BigEndian(frame, Data);
        BinaryPrimitives.WriteUInt32BigEndian(frame[sizeof(ushort)..], (uint)length);
    }

    public static byte[] WriteAck(ulong received)
    {
        var frame = new byte[sizeof(ushort) + sizeof(ulong)];
        BinaryPrimitives.WriteUInt16BigEndian(frame, Ack);
        BinaryPrimitives.WriteUInt64BigEndian(frame.AsSpan(sizeof(ushort)), received);
        return frame;
    }
}
