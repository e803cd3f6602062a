using System.Buffers.Binary;
using System.Text;
using CaptureFlow.Evidence;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Looks into a capture taken on <c>any</c>: what crossed loopback, what crossed the wire, and which of it can be read.</summary>
internal static class TrafficReader
{
    /// <summary>ARPHRD_LOOPBACK, in the cooked header's third field.</summary>
    private const int Loopback = 772;

    private const int Tcp = 6;
    private static readonly byte[][] HttpStarts = [.. ((string[])["GET ", "POST ", "PUT ", "HEAD ", "HTTP/1."]).Select(Encoding.ASCII.GetBytes)];

    public static async Task<SeenTraffic> ReadAsync(string path, CancellationToken cancellationToken)
    {
        await using FileStream file = new(path, FileMode.Open, FileAccess.Read);
        using var reader = await PcapReader.OpenAsync(file, cancellationToken);
        SeenTraffic seen = new(0, 0, null, 0, 0, 0);
        while (await reader.ReadAsync(cancellationToken))
        {
            seen = Count(seen, reader.Current);
        }

        return seen;
    }

    private static SeenTraffic Count(SeenTraffic seen, PcapRecord record)
    {
        if (record.LinkType != LinkTypes.LinuxSll2 || !record.TryReadFrame(out var frame))
        {
            return seen;
        }

        var payload = TcpPayload(frame);
        var http = Array.Exists(HttpStarts, start => payload.Span.StartsWith(start));
        if (BinaryPrimitives.ReadUInt16BigEndian(record.Data.Span[8..]) == Loopback)
        {
            return seen with
            {
                LoopbackPackets = seen.LoopbackPackets + 1,
                LoopbackPlaintext = seen.LoopbackPlaintext + (http ? 1 : 0),
                LoopbackExample = seen.LoopbackExample ?? (http ? FirstLine(payload.Span) : null),
            };
        }

        return seen with
        {
            WirePackets = seen.WirePackets + 1,
            WireTls = seen.WireTls + (IsTlsRecord(payload.Span) ? 1 : 0),
            WirePlaintext = seen.WirePlaintext + (http ? 1 : 0),
        };
    }

    /// <summary>Empty for everything that is not TCP with data; IPv6 extension headers are not followed.</summary>
    private static ReadOnlyMemory<byte> TcpPayload(LinkFrame frame)
    {
        var ip = frame.Payload;
        var (header, protocol) = (frame.EtherType, ip.Length) switch
        {
            (LinkFrame.IPv4, >= 20) => ((ip.Span[0] & 15) * 4, ip.Span[9]),
            (LinkFrame.IPv6, >= 40) => (40, ip.Span[6]),
            _ => (0, 0),
        };
        if (protocol != Tcp || ip.Length < header + 20)
        {
            return default;
        }

        var data = header + ((ip.Span[header + 12] >> 4) * 4);
        return data < ip.Length ? ip[data..] : default;
    }

    private static bool IsTlsRecord(ReadOnlySpan<byte> payload) => payload is [>= 0x14 and <= 0x17, 3, <= 4, ..];

    private static string FirstLine(ReadOnlySpan<byte> payload)
    {
        var end = payload.IndexOfAny((byte)'\r', (byte)'\n');
        var line = Encoding.ASCII.GetString(payload[..Math.Min(end < 0 ? payload.Length : end, 100)]);
        return new([.. line.Select(c => char.IsControl(c) ? '?' : c)]);
    }
}
