using System.Net;
using System.Net.Sockets;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Stands between a real client and a real server on this machine, and writes down what they say as packets.</summary>
internal static class TalkRecorder
{
    private const int SegmentLength = 1_400;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <param name="capture">Gets the packets, from the SYN on.</param>
    /// <param name="ends">The two addresses that the packets have.</param>
    /// <param name="serve">Gets the server's end of the connection.</param>
    /// <param name="call">Connects to the port of this machine.</param>
    public static async Task RecordAsync(CaptureMaker capture, (string Client, string Server) ends, Func<Stream, Task> serve, Func<int, Task> call)
    {
        using TcpListener server = new(IPAddress.Loopback, 0);
        server.Start();
        var serving = ServeAsync(serve, server);
        await RecordAsync(capture, ends, ((IPEndPoint)server.LocalEndpoint).Port, call);
        await serving;
    }

    /// <param name="capture">Gets the packets, from the SYN on.</param>
    /// <param name="ends">The two addresses that the packets have.</param>
    /// <param name="port">Where the server listens on this machine.</param>
    /// <param name="call">Connects to the port of this machine, once.</param>
    public static async Task RecordAsync(CaptureMaker capture, (string Client, string Server) ends, int port, Func<int, Task> call)
    {
        using TcpListener relay = new(IPAddress.Loopback, 0);
        relay.Start();
        using CancellationTokenSource patience = new(Patience);
        TcpTalk talk = new(capture, ends.Client, ends.Server);
        talk.Open();
        var calling = call(((IPEndPoint)relay.LocalEndpoint).Port);
        using var toClient = await relay.AcceptTcpClientAsync(patience.Token);
        using TcpClient toServer = new();
        await toServer.ConnectAsync(IPAddress.Loopback, port, patience.Token);
        var (client, server) = (toClient.GetStream(), toServer.GetStream());
        Lock writing = new();
        await Task.WhenAll(
            CarryAsync(client, server, (data, flags) => Locked(writing, () => talk.ClientSends(data.Span, flags)), patience.Token),
            CarryAsync(server, client, (data, flags) => Locked(writing, () => talk.ServerSends(data.Span, flags)), patience.Token));
        await calling;
    }

    private static async Task ServeAsync(Func<Stream, Task> serve, TcpListener server)
    {
        using var served = await server.AcceptTcpClientAsync();
        await serve(served.GetStream());
    }

    private static void Locked(Lock writing, Action write)
    {
        lock (writing)
        {
            write();
        }
    }

    private static async Task CarryAsync(NetworkStream from, NetworkStream to, Action<ReadOnlyMemory<byte>, TcpFlags> write, CancellationToken cancellationToken)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken) is > 0 and var length)
            {
                for (var at = 0; at < length; at += SegmentLength)
                {
                    write(buffer.AsMemory(at, Math.Min(SegmentLength, length - at)), TcpFlags.Ack | TcpFlags.Push);
                }

                await to.WriteAsync(buffer.AsMemory(0, length), cancellationToken);
            }

            write(default, TcpFlags.Fin | TcpFlags.Ack);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // One of the two went away with a reset.
            write(default, TcpFlags.Reset | TcpFlags.Ack);
            to.Close();
        }
    }
}
