using System.Buffers.Binary;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Finds a tap's own packets in its file: UDP from loopback to 127.0.0.1 port 9 with the capture's id, the last one with a full stop behind it, and the
/// kernel's answers that nobody listens there.
/// </summary>
internal sealed class CanaryCount(string? captureId)
{
    private const int Ip = 20;
    private const int Udp = 8;
    private const int Icmp = 8;
    private const byte IcmpProtocol = 1;
    private const byte UdpProtocol = 17;
    private const int DiscardPort = 9;
    private const uint Loopback = 0x7f000001;

    /// <summary>Far above any of them: other packets are passed over by one comparison.</summary>
    private const int Longest = 128;

    private readonly byte[] _word = captureId is null ? [] : Encoding.ASCII.GetBytes(captureId[CaptureIds.Prefix.Length..]);

    public long Packets { get; private set; }

    public bool First { get; private set; }

    public bool Last { get; private set; }

    public void Look(in PcapRecord record)
    {
        if (_word.Length == 0 || record.WireLength > Longest || !record.TryReadFrame(out var frame) || frame.EtherType != LinkFrame.IPv4)
        {
            return;
        }

        var packet = frame.Payload.Span;
        if (packet.Length < Ip + Udp || packet[0] != 0x45
            || BinaryPrimitives.ReadUInt32BigEndian(packet[12..]) != Loopback || BinaryPrimitives.ReadUInt32BigEndian(packet[16..]) != Loopback)
        {
            return;
        }

        var length = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        switch (packet[9])
        {
            case UdpProtocol when IsCanary(packet[Ip..]):
                Packets++;
                First |= length == Ip + Udp + _word.Length;
                Last |= length == Ip + Udp + _word.Length + 1;
                break;
            case IcmpProtocol when IsAnswer(packet, length):
                Packets++;
                break;
            default:
                break;
        }
    }

    private bool IsCanary(ReadOnlySpan<byte> udp) =>
        udp.Length >= Udp + _word.Length && BinaryPrimitives.ReadUInt16BigEndian(udp[2..]) == DiscardPort && udp[Udp..].StartsWith(_word);

    // "Port unreachable" carries the packet that it answers, as far as the snap length let it.
    private bool IsAnswer(ReadOnlySpan<byte> packet, int length)
    {
        var carried = length - Ip - Icmp - Ip - Udp - _word.Length;
        return packet[Ip] == 3 && packet[Ip + 1] == 3 && carried is 0 or 1
            && (packet.Length < Ip + Icmp + Ip + Udp + _word.Length || IsCanary(packet[(Ip + Icmp + Ip)..]));
    }
}
