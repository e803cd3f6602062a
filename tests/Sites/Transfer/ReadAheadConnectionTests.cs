using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Transfer;

/// <summary>The connection against a bare socket on loopback. Whole execs over it are in <see cref="ExecStreamTests"/>.</summary>
public sealed class ReadAheadConnectionTests : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public ReadAheadConnectionTests() => _listener.Start();

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task Read_MoreThanItHolds_EveryByteInItsPlaceWhileTheReaderTakesItsTime()
    {
        var sent = RandomNumberGenerator.GetBytes(24 << 20);
        var (connection, peer) = await ConnectAsync();
        using var both = connection;
        var sending = Task.Run(async () =>
        {
            using (peer)
            {
                await peer.GetStream().WriteAsync(sent);
            }
        });

        var received = new byte[sent.Length];
        for (var (at, reads) = (0, 0); at < received.Length; reads++)
        {
            // Sizes that meet no boundary; and pauses in which more comes than may be held.
            var read = await connection.ReadAsync(received.AsMemory(at, Math.Min(received.Length - at, 1 + (reads * 7919 % 100_000))));
            Assert.NotEqual(0, read);
            at += read;
            if (reads % 100 == 0)
            {
                await Task.Yield();
            }
        }

        Assert.True(sent.AsSpan().SequenceEqual(received));
        Assert.Equal(0, await connection.ReadAsync(new byte[1]));
        await sending;
    }

    [Fact]
    public async Task Write_ArrivesAsItWasWritten()
    {
        var (connection, peer) = await ConnectAsync();
        using var both = connection;
        using var there = peer;

        await connection.WriteAsync("ping"u8.ToArray());

        var received = new byte[4];
        await there.GetStream().ReadExactlyAsync(received);
        Assert.Equal("ping"u8.ToArray(), received);
    }

    [Fact]
    public async Task Dispose_WhileARead_IsTold()
    {
        var (connection, peer) = await ConnectAsync();
        using var there = peer;
        var reading = connection.ReadAsync(new byte[1]).AsTask();

        await connection.DisposeAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(Soon));
        Assert.Equal(0, await there.GetStream().ReadAsync(new byte[1]).AsTask().WaitAsync(Soon));
    }

    [Fact]
    public async Task Dispose_WhileMoreHasComeThanItHolds_EndsTheConnection()
    {
        var (connection, peer) = await ConnectAsync();
        using var there = peer;
        var chunk = new byte[1 << 20];
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await there.GetStream().WriteAsync(chunk);
                Interlocked.Add(ref sent, chunk.Length);
            }
        });
        await connection.ReadExactlyAsync(new byte[1 << 20]);

        await connection.DisposeAsync();

        await Assert.ThrowsAnyAsync<IOException>(() => sending.WaitAsync(Soon));
    }

    [Fact]
    public async Task Read_ConnectionReset_IsABreakAndNoEnd()
    {
        var (connection, peer) = await ConnectAsync();
        using var both = connection;
        using var there = peer;
        var reading = connection.ReadAsync(new byte[1]).AsTask();

        peer.Client.LingerState = new LingerOption(true, 0);
        // Of the socket: the client's own would say goodbye first.
        peer.Client.Dispose();

        await Assert.ThrowsAnyAsync<IOException>(() => reading.WaitAsync(Soon));
    }

    [Fact]
    public async Task Read_Cancelled_IsCancelled()
    {
        var (connection, peer) = await ConnectAsync();
        using var both = connection;
        using var there = peer;
        using var enough = new CancellationTokenSource();
        var reading = connection.ReadAsync(new byte[1], enough.Token).AsTask();

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Soon));
    }

    // By way of the handler, which alone can make the context of a connection.
    private async Task<(Stream Connection, TcpClient Peer)> ConnectAsync()
    {
        var made = new TaskCompletionSource<Stream>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) =>
            {
                made.SetResult(await ReadAheadConnection.ConnectAsync(context, token));
                throw new IOException("Only the connection is wanted.");
            },
        };
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{_listener.LocalEndpoint}/");
        var asking = Assert.ThrowsAsync<HttpRequestException>(() => invoker.SendAsync(request, CancellationToken.None));
        var peer = await _listener.AcceptTcpClientAsync();
        await asking;
        return (await made.Task, peer);
    }
}
