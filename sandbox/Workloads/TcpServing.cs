using System.Net;
using System.Net.Sockets;

namespace CaptureFlow.Sandbox.Workloads;

/// <summary>Accepts connections and serves each until it ends; a connection that breaks concerns nobody else.</summary>
internal static class TcpServing
{
    internal static async Task RunAsync(IPEndPoint at, Func<TcpClient, CancellationToken, Task> serve, CancellationToken cancellation)
    {
        using var listener = new TcpListener(at);
        listener.Start();
        while (true)
        {
            var connection = await listener.AcceptTcpClientAsync(cancellation);
            connection.NoDelay = true;
            _ = ServeAsync(connection, serve, cancellation);
        }
    }

    private static async Task ServeAsync(TcpClient connection, Func<TcpClient, CancellationToken, Task> serve, CancellationToken cancellation)
    {
        using (connection)
        {
            try
            {
                await serve(connection, cancellation);
            }
            catch (Exception fault) when (fault is IOException or SocketException or OperationCanceledException
                or System.Security.Authentication.AuthenticationException)
            {
                // The peer has gone or spoke no TLS.
            }
        }
    }
}
