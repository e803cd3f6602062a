using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Gce;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>The relay protocol, against a relay that cuts, forgets and talks nonsense.</summary>
public sealed class IapTunnelTests
{
    private static readonly NodeInstance Instance = new("shop-prod", "europe-west1-b", "node-1");

    [Fact]
    public async Task Bytes_ThroughCutsAndLostFrames_ArriveOnceAndInOrder()
    {
        using var echo = new EchoServer();
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", echo.Port);
        relay.Garbage = true;
        relay.CutAfter(100_000);
        relay.CutAfter(700_000);
        relay.CutAfter(2_000_000);
        await using var route = await Tunnel(relay).OpenAsync(Instance, [], default);
        var sent = RandomNumberGenerator.GetBytes(3_000_000);

        using var client = new TcpClient();
        await client.ConnectAsync(route.Host, route.Port);
        relay.SwallowNext();
        var writing = Task.Run(async () => await client.GetStream().WriteAsync(sent));
        var received = new byte[sent.Length];
        try
        {
            await client.GetStream().ReadExactlyAsync(received).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
            await writing;
        }
        catch (IOException) when (route.Trouble is { } trouble)
        {
            Assert.Fail(trouble);
        }

        Assert.Equal(SHA256.HashData(sent), SHA256.HashData(received));
        // One for each cut; the swallowed frame is missed by an idle line, unless a cut comes first.
        Assert.InRange(relay.Reconnects, 3, 8);
        Assert.InRange(relay.LargestFrame, 1, 16_384);
        Assert.NotEmpty(relay.Acks);
        Assert.All(relay.Acks.Zip(relay.Acks.Skip(1)), pair => Assert.True(pair.Second > pair.First));
        Assert.Contains("/v4/connect?project=shop-prod&zone=europe-west1-b&instance=node-1&interface=nic0&port=22", relay.Requests.First(), StringComparison.Ordinal);
        Assert.EndsWith("bot:iap-tunneler Bearer token-1", relay.Requests.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IdleCut_BetweenTwoBytes_IsNotNoticed()
    {
        using var echo = new EchoServer();
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", echo.Port);
        await using var route = await Tunnel(relay).OpenAsync(Instance, [], default);
        using var client = new TcpClient();
        await client.ConnectAsync(route.Host, route.Port);
        var answer = new byte[1];

        await client.GetStream().WriteAsync(new byte[] { 7 });
        await client.GetStream().ReadExactlyAsync(answer);
        relay.CutNow();
        await NodeUnderTest.Eventually(() => Task.FromResult(relay.Reconnects > 0), "the session is taken up");
        await client.GetStream().WriteAsync(new byte[] { 8 });
        await client.GetStream().ReadExactlyAsync(answer);

        Assert.Equal(8, answer[0]);
    }

    [Theory]
    [InlineData(401)]
    [InlineData(403)]
    public async Task Open_Refused_IsAFaultWithTheRemedy(int status)
    {
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", 1);
        relay.RefuseWith = status;

        var refusal = await Assert.ThrowsAsync<GceRefusalException>(() => Tunnel(relay).OpenAsync(Instance, [], default));

        Assert.Equal(FaultCodes.NodeRefused, refusal.Fault.Code);
        Assert.Contains($"{status}", refusal.Fault.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("token-1", refusal.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_ClosedAsNotAuthorized_IsAFault()
    {
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", 1);
        relay.CloseWith = 4033;

        var refusal = await Assert.ThrowsAsync<GceRefusalException>(() => Tunnel(relay).OpenAsync(Instance, [], default));

        Assert.Equal(FaultCodes.NodeRefused, refusal.Fault.Code);
    }

    [Fact]
    public async Task Open_RelayOfAnotherProtocol_IsNotUsed()
    {
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", 1);
        relay.SpeaksNothing = true;

        await Assert.ThrowsAsync<IOException>(() => Tunnel(relay).OpenAsync(Instance, [], default));
    }

    [Theory]
    [InlineData(new byte[] { 0, 4, 0, 0, 0, 9, 1 })]
    [InlineData(new byte[] { 0, 4, 0, 0, 0, 1, 1 })]
    [InlineData(new byte[] { 0, 7, 0, 0 })]
    [InlineData(new byte[] { 0, 7, 0, 0, 0, 0, 0, 0, 0, 9 })]
    [InlineData(new byte[] { 0, 2, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public async Task Open_FramesThatCannotBe_AreAnError(byte[] nonsense)
    {
        using var echo = new EchoServer();
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", echo.Port);
        relay.Nonsense = nonsense;

        await Assert.ThrowsAsync<IOException>(() => Tunnel(relay).OpenAsync(Instance, [], default));
    }

    [Fact]
    public async Task Route_AfterItsOneConnection_TakesNoOther()
    {
        using var echo = new EchoServer();
        await using var relay = await IapRelayServer.StartAsync("127.0.0.1", echo.Port);
        await using var route = await Tunnel(relay).OpenAsync(Instance, [], default);
        using var client = new TcpClient();
        await client.ConnectAsync(route.Host, route.Port);
        await client.GetStream().WriteAsync(new byte[] { 7 });
        await client.GetStream().ReadExactlyAsync(new byte[1]);

        using var second = new TcpClient();
        await Assert.ThrowsAnyAsync<SocketException>(async () => await second.ConnectAsync(route.Host, route.Port));
    }

    internal static IapTunnel Tunnel(IapRelayServer relay) =>
        new(new IapSockets(relay.Address, new IapRelayServer.Tokens()), TimeProvider.System, NullLogger<IapTunnel>.Instance);

    private sealed class EchoServer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public EchoServer()
        {
            _listener.Start();
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var client = await _listener.AcceptTcpClientAsync();
                    _ = client.GetStream().CopyToAsync(client.GetStream());
                }
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // The test has ended.
            }
        }
    }
}
