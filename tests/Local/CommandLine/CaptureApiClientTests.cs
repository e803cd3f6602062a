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

    [Theory]
    [InlineData("""{"id":"x/../../cf-0123456789abcdef","status":"completed"}""")]
    [InlineData("""{"id":"cf-0123456789abcdef","status":"completed","members":[{"id":"..","pod":"web","status":"completed"}]}""")]
    [InlineData("""{"id":"cf-0123456789abcdef","status":"completed","members":[{"id":"cf-0123456789abcdef","pod":"../web","status":"completed"}]}""")]
    public async Task Get_NamesThatAreNone_AreAProblemAndNoPath(string answer)
    {
        using CaptureApiClient client = new(new("http://127.0.0.1:1"), null, new OneAnswer(answer));

        var (status, problem) = await client.GetAsync(FakeServer.Id, TestContext.Current.CancellationToken);

        Assert.Null(status);
        Assert.Contains("that is none", problem?.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TextsForTheTerminal_AreShownAndDoNothing()
    {
        const string Escape = """{"id":"cf-0123456789abcdef","status":"failed","faults":[{"code":"a","message":"\u001b]0;owned\u0007 \u202egnp.exe\nsecond line","remedy":"ü"}]}""";
        using CaptureApiClient client = new(new("http://127.0.0.1:1"), null, new OneAnswer(Escape));

        var fault = Assert.Single((await client.GetAsync(FakeServer.Id, TestContext.Current.CancellationToken)).Value!.Faults);

        Assert.Equal(("\\u001b]0;owned\\u0007 \\u202egnp.exe\nsecond line", "ü"), (fault.Message, fault.Remedy));
    }

    private sealed class OneAnswer(string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") });
    }
}
