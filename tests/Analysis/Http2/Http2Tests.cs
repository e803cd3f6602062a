using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis.Tests;

/// <summary>HTTP/2 and gRPC between real ends are read as tshark reads them.</summary>
public sealed class Http2Tests
{
    [Fact]
    public async Task Requests_OfDotnet_AreCountedAsByTshark()
    {
        Needs.Packages("tshark");
        var capture = await RecordAsync();

        await AgreesWithTsharkAsync(capture, requests: 8);
    }

    /// <summary>Its headers are Huffman coded.</summary>
    [Fact]
    public async Task Requests_OfCurl_AreCountedAsByTshark()
    {
        Needs.Packages("tshark", "curl");
        CaptureMaker capture = new();
        await using var server = await Http2Server.StartAsync();
        string[] paths = ["/items/17?token=s3cr3t", "/items/0", "/items/18", "/boom", "/items/19"];
        for (var i = 0; i < paths.Length; i++)
        {
            await TalkRecorder.RecordAsync(capture, ($"10.0.0.1:{40_000 + i}", "10.0.0.2:8080"), server.Port, port => Tshark.RunAsync(
                "curl", "--silent", "--http2-prior-knowledge", "--user-agent", "s3cr3t", "--output", "/dev/null", $"http://127.0.0.1:{port}{paths[i]}"));
        }

        await AgreesWithTsharkAsync(capture, paths.Length);
        Assert.Equal(4, (await Analyze.CaptureAsync(capture)).Http.Routes.Single(row => row.Route == "/items/{id}").Requests);
    }

    [Fact]
    public async Task Findings_AreByRouteAndCall()
    {
        var card = await Analyze.CaptureAsync(await RecordAsync());

        Assert.Equal(
            ("POST /shop.v1.Cart/Pay → 10.0.0.2:8080", "1 call ended with UNAVAILABLE (14) of 1 call"),
            (Analyze.Single(card, "grpc-errors").Subject, Analyze.Single(card, "grpc-errors").Says));
        Assert.Equal("1 answer 500 Internal Server Error of 1 request", Analyze.Single(card, "http-server-errors").Says);
        Assert.Equal("1 answer 404 Not Found of 4 requests", Analyze.Single(card, "http-client-errors").Says);
        Assert.Equal("1 stream reset by the server: INTERNAL_ERROR (2)", Analyze.Single(card, "http2-stream-reset").Says);
        Assert.Equal("grpc", card.Conversations[0].Application);
        Assert.Equal((0, 0), (card.Http.Unclear, card.CannotSay.Count));
        var all = CardMarkdown.Write(card) + JsonSerializer.Serialize(card, CaptureJson.Indented);
        Assert.All(["s3cr3t", "token", "b0dy"], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connection_ThatBeganBefore_IsReadAsFarAsItCanBe()
    {
        var capture = await RecordAsync();

        var card = await Analyze.CaptureAsync(capture.Changed(frames => frames.Skip(12)));

        Assert.InRange(card.Http.Answers, 1, 8);
        Assert.Contains(card.CannotSay, sentence => sentence.StartsWith("All headers of 1 connection of HTTP/2", StringComparison.Ordinal));
    }

    [Fact]
    public async Task HeadersOnly_IsReadAsFarAsItCanBe()
    {
        var card = await Analyze.CaptureAsync((await RecordAsync()).Changed(frames => frames, snapLength: 150));

        Assert.Equal("grpc", card.Conversations[0].Application);
        Assert.Equal(8, card.Http.Requests);
    }

    [Fact]
    public async Task GoAway_IsNamed()
    {
        CaptureMaker capture = new();
        new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:8080").Open()
            .ClientSends([.. Http2FrameReader.Preface, 0, 0, 0, 4, 0, 0, 0, 0, 0])
            .ServerSends([0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 11]).Close();

        var finding = Analyze.Single(await Analyze.CaptureAsync(capture), "http2-goaway");

        Assert.Equal("1 connection ended with GOAWAY ENHANCE_YOUR_CALM (11) by the server", finding.Says);
        Assert.Equal([5], finding.Packets);
    }

    private static async Task AgreesWithTsharkAsync(CaptureMaker capture, int requests)
    {
        var card = await Analyze.CaptureAsync(capture);
        using TemporaryFile file = new(capture.ToPcap());
        var asked = await Values(file, "http2.headers.method");
        var answered = await Values(file, "http2.headers.status");
        var unavailable = await Tshark.FieldsAsync(file.FullName, "http2.header.name == \"grpc-status\" && http2.header.value == \"14\"", "frame.number");

        Assert.Equal(asked.Count, card.Http.Requests);
        Assert.Equal(requests, card.Http.Requests);
        Assert.Equal(asked.Count, card.Http.Requests);
        Assert.Equal(answered.Count, card.Http.Answers);
        Assert.Equal(answered.Count(status => status[0] == '4'), card.Http.ClientErrors);
        Assert.Equal(answered.Count(status => status[0] == '5'), card.Http.ServerErrors);
        Assert.Equal(unavailable.Count, card.Http.GrpcErrors);
    }

    private static async Task<List<string>> Values(TemporaryFile file, string field) =>
        [.. (await Tshark.FieldsAsync(file.FullName, field, field)).SelectMany(row => row[0].Split(',', StringSplitOptions.RemoveEmptyEntries))];

    private static async Task<CaptureMaker> RecordAsync()
    {
        CaptureMaker capture = new();
        await using var server = await Http2Server.StartAsync();
        await TalkRecorder.RecordAsync(capture, ("10.0.0.1:40000", "10.0.0.2:8080"), server.Port, CallAsync);
        return capture;
    }

    private static async Task CallAsync(int port)
    {
        using SocketsHttpHandler handler = new();
        using HttpClient client = new(handler)
        {
            BaseAddress = new($"http://127.0.0.1:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        foreach (var path in (string[])["/items/17?token=s3cr3t", "/items/18", "/items/0", "/items/19", "/boom"])
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            await answer.Content.ReadAsByteArrayAsync();
        }

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri("/broken", UriKind.Relative)));
        foreach (var method in (string[])["Add", "Pay"])
        {
            using ByteArrayContent message = new(new byte[5]) { Headers = { ContentType = new MediaTypeHeaderValue("application/grpc") } };
            using var answer = await client.PostAsync(new Uri($"/shop.v1.Cart/{method}", UriKind.Relative), message);
            await answer.Content.ReadAsByteArrayAsync();
        }
    }
}
