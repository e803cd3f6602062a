using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>One session of <see cref="IapRelayServer"/>: its target, what was sent and is not acknowledged, and the socket that it has now.</summary>
internal sealed class IapSession(HttpContext context, WebSocket socket)
{
    private HttpContext _context = context;
    private WebSocket _socket = socket;

    /// <summary>Whether its socket has not been cut yet.</summary>
    public bool IsUp { get; private set; } = true;

    public TcpClient Target { get; } = new();

    public SemaphoreSlim Gate { get; } = new(1);

    public List<(ulong Start, byte[] Bytes)> Kept { get; } = [];

    public ulong Sent { get; set; }

    public ulong Received { get; set; }

    public ulong Told { get; set; }

    public void Take(HttpContext context, WebSocket socket) => (_context, _socket, IsUp) = (context, socket, true);

    /// <summary>Set once the socket of before takes nothing more: what it received is counted by then.</summary>
    public TaskCompletionSource UpEnded { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Cut()
    {
        IsUp = false;
        try
        {
            _context.Abort();
        }
        catch (ObjectDisposedException)
        {
            // Its request has ended by itself.
        }
    }

    public void Forget(ulong has) => Kept.RemoveAll(kept => kept.Start + (ulong)kept.Bytes.Length <= has);

    public async Task SendAsync(byte[] frame)
    {
        await Gate.WaitAsync();
        try
        {
            await RawSendAsync(frame);
        }
        finally
        {
            Gate.Release();
        }
    }

    public async Task RawSendAsync(byte[] frame)
    {
        try
        {
            await _socket.SendAsync(frame, WebSocketMessageType.Binary, true, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Cut; what is kept is sent again to the next socket.
        }
    }

    public async Task CloseAsync()
    {
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, CancellationToken.None);
        }
        catch (Exception e) when (e is WebSocketException or IOException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
