using System.Net;
using System.Net.Sockets;
using CaptureFlow.Sites.Gce;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>A way to the node that breaks, once, when told to.</summary>
internal sealed class CuttingTunnel : INodeTunnel
{
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _open = [];
    private long? _cutAfter;
    private long _down;

    public int Opened { get; private set; }

    public void CutAfter(long bytes) => (_cutAfter, _down) = (bytes, 0);

    public void CutNow()
    {
        lock (_gate)
        {
            _open.ForEach(client => client.Client?.Close(0));
            _open.Clear();
        }
    }

    public Task<INodeRoute> OpenAsync(NodeInstance instance, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        Opened++;
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(1);
        _ = CarryAsync(listener, addresses[0]);
        return Task.FromResult<INodeRoute>(new Route(((IPEndPoint)listener.LocalEndpoint).Port, listener));
    }

    private async Task CarryAsync(TcpListener listener, string address)
    {
        try
        {
            using var near = await listener.AcceptTcpClientAsync();
            using var far = new TcpClient();
            await far.ConnectAsync(address, 22);
            lock (_gate)
            {
                _open.AddRange([near, far]);
            }

            var up = near.GetStream().CopyToAsync(far.GetStream());
            var buffer = new byte[65_536];
            while (await far.GetStream().ReadAsync(buffer) is > 0 and var read)
            {
                await near.GetStream().WriteAsync(buffer.AsMemory(0, read));
                if (_cutAfter is { } limit && (_down += read) >= limit)
                {
                    _cutAfter = null;
                    CutNow();
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // Cut, or closed by the client.
        }
    }

    private sealed record Route(int Port, TcpListener Listener) : INodeRoute
    {
        public string Host => "127.0.0.1";

        public string? Trouble => null;

        public ValueTask DisposeAsync()
        {
            Listener.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
