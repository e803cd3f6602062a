using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CaptureFlow.Sites.Tests.Clusters;

/// <summary>A proxy on loopback that speaks HTTP's CONNECT and SOCKS 5, notes what it is asked for, and leads to one port of this machine, whatever it is.</summary>
internal sealed class ForwardingProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly int _port;

    public ForwardingProxy(int port)
    {
        _port = port;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>HOST:PORT of each connection.</summary>
    public IReadOnlyList<string> Asked => [.. _asked];

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Disposed.
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        try
        {
            using (client)
            using (TcpClient server = new())
            {
                var stream = client.GetStream();
                var first = await ReadAsync(stream, 1);
                _asked.Enqueue(first[0] == 5 ? await SocksAsync(stream) : await ConnectAsync(stream));
                await server.ConnectAsync(IPAddress.Loopback, _port);
                await Task.WhenAny(stream.CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(stream));
            }
        }
        catch (IOException)
        {
            // One of the two has gone.
        }
    }

    private static async Task<string> ConnectAsync(NetworkStream stream)
    {
        StringBuilder head = new("C");
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append((char)(await ReadAsync(stream, 1))[0]);
        }

        await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray());
        return head.ToString().Split(' ')[1];
    }

    // RFC 1928: no authentication; CONNECT to an IPv4 address or a name.
    private static async Task<string> SocksAsync(NetworkStream stream)
    {
        await ReadAsync(stream, (await ReadAsync(stream, 1))[0]);
        await stream.WriteAsync(new byte[] { 5, 0 });
        var kind = (await ReadAsync(stream, 4))[3];
        var host = kind == 1
            ? new IPAddress(await ReadAsync(stream, 4)).ToString()
            : Encoding.ASCII.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));
        var port = await ReadAsync(stream, 2);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 });
        return string.Create(CultureInfo.InvariantCulture, $"{host}:{(port[0] << 8) | port[1]}");
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
