using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// Through Identity-Aware Proxy. SSH.NET takes no stream of its own, so the relay is bridged to a listener on loopback, which takes exactly one
/// connection and closes.
/// </summary>
internal sealed class IapTunnel(IapSockets sockets, TimeProvider time, ILogger<IapTunnel> logger) : INodeTunnel
{
    public async Task<INodeRoute> OpenAsync(NodeInstance instance, IReadOnlyList<string> addresses, CancellationToken cancellationToken)
    {
        var relay = new IapRelay(sockets, instance, time, logger);
        try
        {
            await relay.OpenAsync(cancellationToken);
            return new Bridge(relay);
        }
        catch
        {
            await relay.DisposeAsync();
            throw;
        }
    }

    private sealed class Bridge : INodeRoute
    {
        private static readonly TimeSpan AcceptWithin = TimeSpan.FromSeconds(20);

        private readonly IapRelay _relay;
        private readonly TcpListener _listener;
        private readonly CancellationTokenSource _closed = new();
        private readonly Task _carrying;

        public Bridge(IapRelay relay)
        {
            _relay = relay;
            _listener = new(IPAddress.Loopback, 0);
            _listener.Start(1);
            Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
            _carrying = Task.Run(CarryAsync);
        }

        public string Host => IPAddress.Loopback.ToString();

        public int Port { get; }

        public string? Trouble { get; private set; }

        public async ValueTask DisposeAsync()
        {
            await _closed.CancelAsync();
            _listener.Dispose();
            await _carrying;
            await _relay.DisposeAsync();
            _closed.Dispose();
        }

        private async Task CarryAsync()
        {
            try
            {
                TcpClient client;
                using (var wait = CancellationTokenSource.CreateLinkedTokenSource(_closed.Token))
                {
                    wait.CancelAfter(AcceptWithin);
                    client = await _listener.AcceptTcpClientAsync(wait.Token);
                    _listener.Stop();
                }

                using (client)
                {
                    client.NoDelay = true;
                    await _relay.RunAsync(client.GetStream(), _closed.Token);
                }
            }
            catch (Exception e)
            {
                // A boundary: the task has nobody to throw to. The SSH connection breaks with it, and asks here for the reason.
                Trouble = _closed.IsCancellationRequested ? null : e.Message;
                _listener.Stop();
            }
        }
    }
}
