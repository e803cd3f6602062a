using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Globalization;
using System.Net.WebSockets;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>
/// The other side of an IAP tunnel, from the protocol's description: sessions that outlive their sockets, frames of at most 16 KiB, counters of what
/// was received, and what can go wrong with all that.
/// </summary>
internal sealed class IapRelayServer : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IapSession> _sessions = [];
    private readonly ConcurrentQueue<long> _cuts = [];
    private readonly string _host;
    private readonly int _port;
    private WebApplication _app = null!;
    private long _down;
    private int _swallow;

    private IapRelayServer(string host, int port) => (_host, _port) = (host, port);

    public Uri Address => new(_app.Urls.First().Replace("http://", "ws://", StringComparison.Ordinal) + "/");

    /// <summary>What the client sent, largest data frame first; acknowledgements in order; and how often it came back.</summary>
    public int LargestFrame { get; private set; }

    public ConcurrentQueue<ulong> Acks { get; } = [];

    public ConcurrentQueue<string> Requests { get; } = [];

    public int Reconnects => Requests.Count(r => r.Contains("/v4/reconnect", StringComparison.Ordinal));

    public int RefuseWith { get; set; }

    public int CloseWith { get; set; }

    public bool SpeaksNothing { get; set; }

    /// <summary>Whether frames of unknown tags are strewn in.</summary>
    public bool Garbage { get; set; }

    /// <summary>Sends this, once, instead of the answer to a connect.</summary>
    public byte[]? Nonsense { get; set; }

    public static async Task<IapRelayServer> StartAsync(string host, int port)
    {
        var server = new IapRelayServer(host, port);
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        server._app = builder.Build();
        server._app.UseWebSockets();
        server._app.Run(server.AnswerAsync);
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Cuts the socket, without a word, once so many bytes in all went to the client: one that is up, so that each is a cut of its own.</summary>
    public void CutAfter(long bytes) => _cuts.Enqueue(bytes);

    /// <summary>Loses the next frame from the client, and the socket with it.</summary>
    public void SwallowNext() => Interlocked.Exchange(ref _swallow, 1);

    /// <summary>Cuts all sockets, as an idle limit does.</summary>
    public void CutNow()
    {
        foreach (var session in _sessions.Values)
        {
            session.Cut();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
        {
            session.Cut();
            session.Target.Dispose();
        }

        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        Requests.Enqueue($"{context.Request.Path}{context.Request.QueryString} {context.Request.Headers.Origin} {context.Request.Headers.Authorization}");
        if (RefuseWith != 0)
        {
            context.Response.StatusCode = RefuseWith;
            return;
        }

        Assert.Equal("relay.tunnel.cloudproxy.app", context.Request.Headers.SecWebSocketProtocol);
        using var socket = await context.WebSockets.AcceptWebSocketAsync(SpeaksNothing ? null : "relay.tunnel.cloudproxy.app");
        if (CloseWith != 0)
        {
            await socket.CloseAsync((WebSocketCloseStatus)CloseWith, "no", default);
            return;
        }

        var session = context.Request.Path == "/v4/connect" ? await OpenAsync(context, socket) : await ResumeAsync(context, socket);
        try
        {
            await UpAsync(session, socket);
        }
        catch (Exception e) when (e is WebSocketException or OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The client went, or was cut.
        }
        finally
        {
            session.UpEnded.TrySetResult();
        }
    }

    private async Task<IapSession> OpenAsync(HttpContext context, WebSocket socket)
    {
        var session = new IapSession(context, socket);
        await session.Target.ConnectAsync(_host, _port);
        var sid = $"session-{_sessions.Count}";
        _sessions[sid] = session;
        if (Nonsense is { } nonsense)
        {
            await session.SendAsync(nonsense);
        }

        if (Garbage)
        {
            await session.SendAsync([0x00, 0xff, 1, 2, 3]);
        }

        await session.SendAsync([0, 1, 0, 0, 0, (byte)sid.Length, .. System.Text.Encoding.ASCII.GetBytes(sid)]);
        _ = DownAsync(session);
        return session;
    }

    private async Task<IapSession> ResumeAsync(HttpContext context, WebSocket socket)
    {
        var session = _sessions[$"{context.Request.Query["sid"]}"];
        session.Cut();
        await session.UpEnded.Task;
        session.UpEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await session.Gate.WaitAsync();
        try
        {
            session.Take(context, socket);
            var has = ulong.Parse($"{context.Request.Query["ack"]}", CultureInfo.InvariantCulture);
            session.Forget(has);
            var answer = new byte[10];
            answer[1] = 2;
            BinaryPrimitives.WriteUInt64BigEndian(answer.AsSpan(2), session.Received);
            await session.RawSendAsync(answer);
            foreach (var (start, bytes) in session.Kept)
            {
                await session.RawSendAsync(Frame(bytes.AsSpan((int)(Math.Max(has, start) - start))));
            }
        }
        finally
        {
            session.Gate.Release();
        }

        return session;
    }

    private async Task DownAsync(IapSession session)
    {
        var buffer = new byte[16_384];
        var stream = session.Target.GetStream();
        try
        {
            while (await stream.ReadAsync(buffer) is > 0 and var read)
            {
                await session.Gate.WaitAsync();
                try
                {
                    session.Kept.Add((session.Sent, buffer[..read]));
                    session.Sent += (ulong)read;
                    if (Garbage)
                    {
                        await session.RawSendAsync([0x01, 0x23, 9, 9]);
                    }

                    await session.RawSendAsync(Frame(buffer.AsSpan(0, read)));
                }
                finally
                {
                    session.Gate.Release();
                }

                var down = Interlocked.Add(ref _down, read);
                if (session.IsUp && _cuts.TryPeek(out var at) && down >= at)
                {
                    _cuts.TryDequeue(out _);
                    session.Cut();
                }
            }

            await session.CloseAsync();
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The target went with the test.
        }
    }

    private async Task UpAsync(IapSession session, WebSocket socket)
    {
        var message = new byte[64 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(message, CancellationToken.None);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return;
            }

            Assert.True(part.EndOfMessage);
            switch (BinaryPrimitives.ReadUInt16BigEndian(message))
            {
                case 4:
                    var length = BinaryPrimitives.ReadInt32BigEndian(message.AsSpan(2));
                    Assert.Equal(part.Count, 6 + length);
                    LargestFrame = Math.Max(LargestFrame, length);
                    if (Interlocked.Exchange(ref _swallow, 0) == 1)
                    {
                        session.Cut();
                        return;
                    }

                    await session.Target.GetStream().WriteAsync(message.AsMemory(6, length));
                    session.Received += (ulong)length;
                    if (session.Received - session.Told > 16_384)
                    {
                        session.Told = session.Received;
                        var ack = new byte[10];
                        ack[1] = 7;
                        BinaryPrimitives.WriteUInt64BigEndian(ack.AsSpan(2), session.Received);
                        await session.SendAsync(ack);
                    }

                    break;
                case 7:
                    Acks.Enqueue(BinaryPrimitives.ReadUInt64BigEndian(message.AsSpan(2)));
                    await session.Gate.WaitAsync();
                    session.Forget(BinaryPrimitives.ReadUInt64BigEndian(message.AsSpan(2)));
                    session.Gate.Release();
                    break;
            }
        }
    }

    private static byte[] Frame(ReadOnlySpan<byte> bytes)
    {
        var frame = new byte[6 + bytes.Length];
        frame[1] = 4;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(2), bytes.Length);
        bytes.CopyTo(frame.AsSpan(6));
        return frame;
    }

    /// <summary>The tokens that the relay is shown.</summary>
    internal sealed class Tokens : ITokenSource
    {
        public string Name => "test";

        public Task<AccessToken> FetchAsync(CancellationToken cancellationToken) =>
            Task.FromResult(new AccessToken("token-1", DateTimeOffset.MaxValue, DateTimeOffset.MaxValue));
    }
}
