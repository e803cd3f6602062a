using System.Net.WebSockets;
using System.Text;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Tests.Transfer;

/// <summary>A kubelet's end of an exec, on loopback, that does what a test tells it.</summary>
internal sealed class ExecServer : IAsyncDisposable
{
    public const string Success = """{"metadata":{},"status":"Success"}""";

    private readonly WebApplication _app;

    private ExecServer(WebApplication app) => _app = app;

    public static async Task<ExecServer> StartAsync(Func<WebSocket, HttpContext, Task> play)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseWebSockets();
        app.Run(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
            await play(socket, context);
        });
        await app.StartAsync();
        return new(app);
    }

    public async Task<ClientWebSocket> ConnectAsync()
    {
        var socket = new ClientWebSocket();
        socket.Options.AddSubProtocol("v4.channel.k8s.io");
        using var handler = new SocketsHttpHandler { ConnectCallback = ReadAheadConnection.ConnectAsync };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        await socket.ConnectAsync(new Uri(_app.Urls.First().Replace("http", "ws", StringComparison.Ordinal)), invoker, CancellationToken.None);
        return socket;
    }

    public static Task SendAsync(WebSocket socket, byte channel, ReadOnlySpan<byte> data)
    {
        byte[] frame = [channel, .. data];
        return socket.SendAsync(frame, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
    }

    public static Task SendStatusAsync(WebSocket socket, string status) => SendAsync(socket, 3, Encoding.UTF8.GetBytes(status));

    public static string Exited(int code) =>
        $$$"""{"status":"Failure","reason":"NonZeroExitCode","message":"exit {{{code}}}","details":{"causes":[{"reason":"ExitCode","message":"{{{code}}}"}]}}""";

    public static Task CloseAsync(WebSocket socket) => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(soon.Token);
        await _app.DisposeAsync();
    }
}
