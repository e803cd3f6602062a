using System.Buffers;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Faults;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>
/// The channels of <c>v4.channel.k8s.io</c> and <c>v5.channel.k8s.io</c> on one WebSocket: every message begins with the channel's byte.
/// Nothing is buffered here: a send returns when the connection has taken the bytes, so a slow reader slows the process down.
/// </summary>
internal sealed class ChannelSocket(WebSocket socket, HttpContext context, string protocol) : IDisposable
{
    internal const string V4 = "v4.channel.k8s.io";
    internal const string V5 = "v5.channel.k8s.io";
    internal const byte Stdin = 0;
    internal const byte Stdout = 1;
    internal const byte Stderr = 2;
    private const byte Error = 3;
    private const byte Close = 255;
    private const int Chunk = 32 * 1024;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly StreamCut? _cut = context.Features.Get<StreamCut>();

    /// <summary>Accepts the upgrade with the newest protocol that both know; null when it is no such upgrade.</summary>
    internal static async Task<ChannelSocket?> TryAcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            return null;
        }

        var offered = context.WebSockets.WebSocketRequestedProtocols;
        var protocol = offered.Contains(V5) ? V5 : offered.Contains(V4) ? V4 : null;
        return protocol is null
            ? null
            : new ChannelSocket(await context.WebSockets.AcceptWebSocketAsync(protocol), context, protocol);
    }

    internal async Task SendAsync(byte channel, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        var frame = ArrayPool<byte>.Shared.Rent(data.Length + 1);
        await _sending.WaitAsync(cancellation);
        try
        {
            var length = _cut?.Take(data.Length) ?? data.Length;
            frame[0] = channel;
            data[..length].CopyTo(frame.AsMemory(1));
            await socket.SendAsync(frame.AsMemory(0, length + 1), WebSocketMessageType.Binary, true, cancellation);
            if (_cut is { IsReached: true })
            {
                context.Abort();
                throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely);
            }
        }
        finally
        {
            _sending.Release();
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>Copies a stream to a channel until the stream's end.</summary>
    internal async Task CopyFromAsync(byte channel, Stream source, CancellationToken cancellation)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(Chunk);
        try
        {
            int read;
            while ((read = await source.ReadAsync(buffer, cancellation)) > 0)
            {
                await SendAsync(channel, buffer.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Copies what the client sends on stdin until the client closes; a null stream means that nobody listens.</summary>
    internal async Task CopyToAsync(Stream? stdin, CancellationToken cancellation)
    {
        var buffer = new byte[Chunk];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            if (part.Count == 0)
            {
                continue;
            }

            var (channel, data) = (buffer[0], buffer.AsMemory(1, part.Count - 1));
            if (channel == Close && protocol == V5 && data.Length == 1 && data.Span[0] == Stdin)
            {
                stdin?.Close();
                stdin = null;
                continue;
            }

            stdin = channel == Stdin ? await WriteAsync(stdin, data, cancellation) : stdin;
            while (!part.EndOfMessage)
            {
                // Only the first fragment of a message carries the channel's byte.
                part = await socket.ReceiveAsync(buffer.AsMemory(), cancellation);
                stdin = channel == Stdin ? await WriteAsync(stdin, buffer.AsMemory(0, part.Count), cancellation) : stdin;
            }
        }
    }

    /// <summary>Sends the status frame and closes: without it a client must take the stream for cut.</summary>
    internal async Task EndAsync(JsonNode status, CancellationToken cancellation)
    {
        await SendAsync(Error, status.ToBytes(), cancellation);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancellation);
    }

    public void Dispose()
    {
        _sending.Dispose();
        socket.Dispose();
    }

    private static async Task<Stream?> WriteAsync(Stream? stdin, ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        if (stdin is null)
        {
            return null;
        }

        try
        {
            await stdin.WriteAsync(data, cancellation);
            return stdin;
        }
        catch (Exception fault) when (fault is IOException or ObjectDisposedException)
        {
            // The process no longer reads: what follows is dropped, as a shell would.
            return null;
        }
    }
}
