using System.Net;
using System.Net.WebSockets;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Gce;

/// <summary>Opens the relay's WebSockets: a new session, or the one that was cut.</summary>
internal sealed class IapSockets(Uri relay, ITokenSource tokens)
{
    public static readonly Uri Google = new("wss://tunnel.cloudproxy.app/");

    private const string Origin = "bot:iap-tunneler";

    private static readonly TimeSpan Cap = TimeSpan.FromSeconds(20);

    // Shorter than any idle limit on the way; a peer that answers no ping is taken for gone, and the session is taken up on another socket.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(20);

    public Task<ClientWebSocket> ConnectAsync(NodeInstance instance, CancellationToken cancellationToken) => OpenAsync(
        instance,
        $"v4/connect?project={Uri.EscapeDataString(instance.Project)}&zone={instance.Zone}&instance={instance.Name}&interface=nic0&port=22&newWebsocket=True",
        cancellationToken);

    public Task<ClientWebSocket> ReconnectAsync(NodeInstance instance, string session, ulong received, CancellationToken cancellationToken) => OpenAsync(
        instance, $"v4/reconnect?sid={Uri.EscapeDataString(session)}&ack={received}&zone={instance.Zone}&newWebsocket=True", cancellationToken);

    private async Task<ClientWebSocket> OpenAsync(NodeInstance instance, string path, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        try
        {
            using var cap = new CancellationTokenSource(Cap);
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
            socket.Options.AddSubProtocol(IapFrames.SubProtocol);
            socket.Options.SetRequestHeader("Authorization", $"Bearer {(await tokens.FetchAsync(both.Token)).Value}");
            socket.Options.SetRequestHeader("Origin", Origin);
            socket.Options.KeepAliveInterval = KeepAlive;
            socket.Options.KeepAliveTimeout = KeepAlive;
            socket.Options.CollectHttpResponseDetails = true;
            await socket.ConnectAsync(new Uri(relay, path), both.Token);
            return socket.SubProtocol == IapFrames.SubProtocol
                ? socket
                : throw new IOException($"the relay speaks '{socket.SubProtocol}', not {IapFrames.SubProtocol}");
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested && e is WebSocketException or OperationCanceledException or IOException)
        {
            var status = socket.HttpStatusCode;
            socket.Dispose();
            var words = status == 0 ? e.Message : $"{(int)status} {status}: {e.Message}";
            throw status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden
                ? new GceRefusalException(GceFaults.Denied($"open an IAP tunnel to {instance}", words), inner: e)
                : new IOException($"IAP: {words}", e);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
