using System.Net;
using System.Net.Sockets;
using CaptureFlow.Local.CommandLine;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class CaptureApiClientTests
{
    [Fact]
    public async Task Ask_NobodyListens_SaysHowToGetAServer()
    {
        // Bound and not listening: nobody else can take the port, and nothing answers on it.
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Uri server = new($"http://{taken.LocalEndPoint}");
        using CaptureApiClient client = new(server, null, new SocketsHttpHandler());

        var answer = await client.GetAsync("cf-0123456789abcdef", TestContext.Current.CancellationToken);

        Assert.StartsWith($"No CaptureFlow answers at {server.GetLeftPart(UriPartial.Authority)}: ", answer.Problem?.Detail, StringComparison.Ordinal);
        Assert.EndsWith("Start one with `captureflow serve`, or name another with --server.", answer.Problem?.Detail, StringComparison.Ordinal);
    }
}
