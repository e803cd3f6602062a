using System.Net;
using System.Text;

namespace CaptureFlow.Analysis.Tests;

/// <summary>A connection, packet by packet; each side's sequence numbers go on by themselves.</summary>
internal sealed class TcpTalk(CaptureMaker capture, string client, string server)
{
    private readonly IPEndPoint _client = IPEndPoint.Parse(client);
    private readonly IPEndPoint _server = IPEndPoint.Parse(server);

    public uint ClientNext { get; set; } = 1_000;

    public uint ServerNext { get; set; } = 500_000;

    /// <summary>The number of the packet that was sent last, as Wireshark counts.</summary>
    public int Number => capture.Count;

    public TcpTalk Open() => Client(TcpFlags.Syn).Server(TcpFlags.Syn | TcpFlags.Ack).Client();

    public TcpTalk Client(TcpFlags flags = TcpFlags.Ack, string data = "", ushort window = 64_240) =>
        ClientSends(Encoding.ASCII.GetBytes(data), flags, window);

    public TcpTalk Server(TcpFlags flags = TcpFlags.Ack, string data = "", ushort window = 64_240) =>
        ServerSends(Encoding.ASCII.GetBytes(data), flags, window);

    public TcpTalk ClientSends(ReadOnlySpan<byte> data, TcpFlags flags = TcpFlags.Ack, ushort window = 64_240)
    {
        var acknowledgment = (flags & TcpFlags.Ack) != 0 ? ServerNext : 0;
        capture.Add(Frames.Tcp(_client, _server, ClientNext, acknowledgment, flags, data, window));
        ClientNext += Length(flags, data);
        return this;
    }

    public TcpTalk ServerSends(ReadOnlySpan<byte> data, TcpFlags flags = TcpFlags.Ack, ushort window = 64_240)
    {
        capture.Add(Frames.Tcp(_server, _client, ServerNext, ClientNext, flags, data, window));
        ServerNext += Length(flags, data);
        return this;
    }

    public TcpTalk Wait(long nanoseconds)
    {
        capture.Wait(nanoseconds);
        return this;
    }

    public TcpTalk Close() => Client(TcpFlags.Fin | TcpFlags.Ack).Server(TcpFlags.Fin | TcpFlags.Ack).Client();

    private static uint Length(TcpFlags flags, ReadOnlySpan<byte> data) => (uint)data.Length + ((flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0 ? 1u : 0u);
}
