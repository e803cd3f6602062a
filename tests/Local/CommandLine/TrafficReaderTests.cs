using System.Buffers.Binary;
using System.Text;
using CaptureFlow.Evidence;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class TrafficReaderTests : IDisposable
{
    private const ushort Loopback = 772;
    private const ushort Ethernet = 1;
    private static readonly byte[] Tls = [0x17, 3, 3, 0, 40, 1, 2, 3];
    private readonly string _path = Path.GetTempFileName();

    public void Dispose() => File.Delete(_path);

    [Fact]
    public async Task Read_PlaintextInsideAndTlsOutside_Holds()
    {
        await WriteAsync(
            Packet(Loopback, "GET /orders/1 HTTP/1.1\r\nHost: shop\r\n"u8),
            Packet(Loopback, "HTTP/1.1 200 OK\r\n"u8),
            Packet(Loopback, []),
            Packet(Ethernet, Tls),
            Packet(Ethernet, []));

        var seen = await TrafficReader.ReadAsync(_path, CancellationToken.None);

        Assert.Equal(new SeenTraffic(3, 2, "GET /orders/1 HTTP/1.1", 2, 1, 0), seen);
        Assert.True(seen.Holds);
    }

    [Fact]
    public async Task Read_PlaintextOnTheWire_DoesNotHold()
    {
        await WriteAsync(Packet(Loopback, "GET / HTTP/1.1\r\n"u8), Packet(Ethernet, Tls), Packet(Ethernet, "GET / HTTP/1.1\r\n"u8));

        var seen = await TrafficReader.ReadAsync(_path, CancellationToken.None);

        Assert.Equal(1, seen.WirePlaintext);
        Assert.False(seen.Holds);
    }

    [Fact]
    public async Task Read_CutAnywhere_NeverFails()
    {
        var whole = Packet(Loopback, "GET / HTTP/1.1\r\n"u8);

        for (var length = 0; length <= whole.Length; length++)
        {
            await WriteAsync(whole[..length]);
            var seen = await TrafficReader.ReadAsync(_path, CancellationToken.None);
            Assert.InRange(seen.LoopbackPackets, 0, 1);
        }
    }

    /// <summary>A cooked header (version 2), IPv4 and TCP without options, and the payload.</summary>
    private static byte[] Packet(ushort hardware, ReadOnlySpan<byte> payload)
    {
        var packet = new byte[20 + 20 + 20 + payload.Length];
        BinaryPrimitives.WriteUInt16BigEndian(packet, LinkFrame.IPv4);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(8), hardware);
        packet[20] = 0x45;
        packet[20 + 9] = 6;
        packet[40 + 12] = 5 << 4;
        payload.CopyTo(packet.AsSpan(60));
        return packet;
    }

    private async Task WriteAsync(params byte[][] packets)
    {
        await using FileStream file = new(_path, FileMode.Create);
        await using BinaryWriter writer = new(file, Encoding.ASCII);
        foreach (var word in (uint[])[0xa1b2c3d4, 0x00040002, 0, 0, CaptureSnap, LinkTypes.LinuxSll2])
        {
            writer.Write(word);
        }

        foreach (var packet in packets)
        {
            foreach (var word in (uint[])[1_700_000_000, 0, (uint)packet.Length, (uint)packet.Length])
            {
                writer.Write(word);
            }

            writer.Write(packet);
        }
    }

    private const uint CaptureSnap = 256;
}
