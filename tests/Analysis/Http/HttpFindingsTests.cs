using System.Globalization;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis.Tests;

/// <summary>Requests of HTTP/1 and what became of them.</summary>
public sealed class HttpFindingsTests
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    [Fact]
    public async Task Exchanges_OnOneConnection_AreCountedAsByTshark()
    {
        Needs.Packages("tshark");
        var capture = Exchanges();

        var card = await Analyze.CaptureAsync(capture);
        using TemporaryFile file = new(capture.ToPcap());
        var methods = await Tshark.FieldsAsync(file.FullName, "http.request", "http.request.method");
        var answers = await Tshark.FieldsAsync(file.FullName, "http.response", "http.response.code", "http.time");

        Assert.Equal(methods.SelectMany(row => row[0].Split(',')).Count(), card.Http.Requests);
        Assert.Equal(answers.SelectMany(row => row[0].Split(',')).Count(code => code != "100"), card.Http.Answers);
        Assert.Equal(answers.Count(row => row[0].StartsWith('4')), card.Http.ClientErrors);
        Assert.Equal(answers.Count(row => row[0].StartsWith('5')), card.Http.ServerErrors);
        Assert.Equal(answers.Where(row => row[1].Length > 0).Max(row => double.Parse(row[1].Split(',')[0], CultureInfo.InvariantCulture)) * 1e3, card.Http.LongestMilliseconds!.Value, 3);
        Assert.Equal((9, 1, 2, 0), (card.Http.Requests, card.Http.ClientErrors, card.Http.ServerErrors, card.Http.Unanswered));
    }

    [Fact]
    public async Task Errors_AreFoundByRouteAndStatus()
    {
        var card = await Analyze.CaptureAsync(Exchanges());

        var server = Analyze.Single(card, "http-server-errors");
        Assert.Equal(("GET /orders/{id} → 10.0.0.2:80", "2 answers 503 Service Unavailable of 3 requests"), (server.Subject, server.Says));
        Assert.Equal(2, server.Packets.Count);
        Assert.Equal("POST /login → 10.0.0.2:80", Analyze.Single(card, "http-client-errors").Subject);
        var row = card.Http.Routes[0];
        Assert.Equal(("/orders/{id}", 3, 1, 2), (row.Route, row.Requests, row.Statuses["200"], row.Statuses["503"]));
        Assert.Contains("| `10.0.0.2:80` | http/1 | `GET /orders/{id}` | 3 | 1 × 200, 2 × 503 |", CardMarkdown.Write(card), StringComparison.Ordinal);
        Assert.Equal("http", card.Conversations[0].Application);
    }

    [Fact]
    public async Task Slow_Answer_IsAWarning() => await Says("http-slow", "1 slow answer: the longest came 1.50 s after the request", talk => talk
        .Client(data: "GET /report HTTP/1.1\r\n\r\n").Wait(1_500 * CaptureMaker.Millisecond).Server(data: Ok), 5);

    [Theory]
    [InlineData(true, "1 request without an answer after up to 100 µs: the server reset the connection")]
    [InlineData(false, "1 request without an answer after up to 100 µs: the server closed the connection")]
    public async Task Unanswered_ConnectionEnds_IsAnError(bool reset, string says) => await Says("http-unanswered", says, talk => talk
        .Client(data: "GET /report HTTP/1.1\r\n\r\n").Server((reset ? TcpFlags.Reset : TcpFlags.Fin) | TcpFlags.Ack), 4);

    [Fact]
    public async Task Unanswered_UntilTheEnd_IsAnError() => await Says(
        "http-unanswered", "1 request without an answer after up to 9.00 s: nothing came until the end of the capture", talk => talk
        .Client(data: "GET /report HTTP/1.1\r\n\r\n").Server().Wait(9 * CaptureMaker.Second), 4);

    [Fact]
    public async Task Plain_RequestToATlsPort_IsFound() => await Says("http-to-tls-port", "1 request in plain HTTP answered with a TLS alert", talk => talk
        .Client(data: "GET /report HTTP/1.1\r\n\r\n").ServerSends(TlsBytes.Alert(2, 10)), 5);

    [Fact]
    public async Task Request_UnderWayAtTheEnd_IsNoError()
    {
        var card = await CardOf(talk => talk.Client(data: "GET /report HTTP/1.1\r\n\r\n").Server());

        Assert.Empty(card.Findings);
        Assert.Equal((1, 0, 1), (card.Http.Requests, card.Http.Unanswered, card.Http.Unclear));
        Assert.Contains(card.CannotSay, sentence => sentence.StartsWith("Whether 1 HTTP request got an answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task WebSocket_IsNotReadOn()
    {
        var card = await CardOf(talk => talk
            .Client(data: "GET /chat HTTP/1.1\r\nUpgrade: websocket\r\n\r\n").Server(data: "HTTP/1.1 101 Switching Protocols\r\n\r\n")
            .Client(data: "GET /not-a-request HTTP/1.1\r\n\r\n").Server(data: Ok));

        Assert.Equal((1, 1), (card.Http.Requests, card.Http.Answers));
        Assert.Equal("/chat", Assert.Single(card.Http.Routes).Route);
    }

    /// <summary>CaptureFlow keeps 256 bytes of each packet when it is not asked for more.</summary>
    [Fact]
    public async Task HeadersOnly_FirstLinesAreStillRead()
    {
        CaptureMaker capture = new();
        var talk = new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Open();
        for (var i = 0; i < 3; i++)
        {
            talk.Client(data: $"GET /orders/{i}{i} HTTP/1.1\r\nCookie: {new string('c', 400)}\r\n\r\n").Server()
                .Server(data: $"HTTP/1.1 200 OK\r\nServer: {new string('s', 400)}\r\nContent-Length: 2000\r\n\r\n{new string('b', 500)}").Server(data: new string('b', 1_500)).Client();
        }

        var card = await Analyze.CaptureAsync(capture.Changed(frames => frames, snapLength: 256));

        Assert.Equal((3, 3, 0), (card.Http.Requests, card.Http.Answers, card.Http.Unclear));
        Assert.Equal((3, 3), (Assert.Single(card.Http.Routes).Requests, card.Http.Routes[0].Statuses["200"]));
    }

    [Fact]
    public async Task Connection_ThatBeganBefore_IsReadFromTheNextMessageOn()
    {
        CaptureMaker capture = new();
        new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Server(data: "the rest of some body").Client()
            .Client(data: "GET /cart HTTP/1.1\r\n\r\n").Server(data: Ok);

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal((1, 1, "10.0.0.1:40000"), (card.Http.Requests, card.Http.Answers, card.Conversations[0].Client));
        Assert.Equal(1, card.Http.Routes[0].Statuses["200"]);
    }

    [Fact]
    public async Task Answer_WithASegmentMissing_IsNotCalledUnanswered()
    {
        var card = await CardOf(talk =>
        {
            talk.Client(data: "GET /cart HTTP/1.1\r\n\r\n");
            talk.ServerNext += (uint)Ok.Length;
            talk.Client().Client(data: "GET /cart HTTP/1.1\r\n\r\n").Server(data: Ok).Client();
        });

        Assert.Equal((2, 1, 0, 1), (card.Http.Requests, card.Http.Answers, card.Http.Unanswered, card.Http.Unclear));
    }

    [Fact]
    public async Task Segments_OneByteEachAndOutOfOrder_AreReadTheSame()
    {
        var text = "GET /cart HTTP/1.1\r\nHost: web\r\n\r\n";
        CaptureMaker capture = new();
        var talk = new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Open();
        foreach (var one in text)
        {
            talk.Client(data: one.ToString());
        }

        talk.Server(data: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nTrailer: t\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        var changed = capture.Changed(frames => frames.Take(3).Concat(frames.Skip(3).Take(text.Length).Chunk(3).SelectMany(three => three.Reverse())).Concat(frames.Skip(3 + text.Length)));

        var card = await Analyze.CaptureAsync(changed);

        Assert.Equal((1, 2, 1), (card.Http.Requests, card.Http.Answers, card.Http.ClientErrors));
        Assert.Contains("The requests of 1 HTTP answer: they are not in the file.", card.CannotSay);
    }

    [Fact]
    public async Task Card_OfRequestsWithSecrets_HasNoneOfThem()
    {
        var card = await CardOf(talk => talk
            .Client(data: "POST /pay/4111111111111111?cvv=s3cr3t HTTP/1.1\r\nHost: h0st\r\nCookie: c00kie\r\nAuthorization: Bearer t0ken\r\nContent-Length: 4\r\n\r\nb0dy")
            .Server(data: "HTTP/1.1 500 s3cr3t reason\r\nSet-Cookie: c00kie\r\nContent-Length: 4\r\n\r\nb0dy"));

        var all = CardMarkdown.Write(card) + JsonSerializer.Serialize(card, CaptureJson.Indented);
        Assert.Equal("POST /pay/{id} → 10.0.0.2:80", Analyze.Single(card, "http-server-errors").Subject);
        Assert.All(["s3cr3t", "cvv", "4111", "h0st", "c00kie", "t0ken", "b0dy"], secret => Assert.DoesNotContain(secret, all, StringComparison.Ordinal));
    }

    private static CaptureMaker Exchanges()
    {
        CaptureMaker capture = new();
        new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Open()
            .Client(data: "GET /orders/1?x=1 HTTP/1.1\r\nHost: web\r\n\r\n").Wait(7 * CaptureMaker.Millisecond).Server(data: Ok)
            .Client(data: "GET /orders/2 HTTP/1.1\r\nHost: web\r\n\r\n").Server(data: "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            .Client(data: "GET /orders/3 HTTP/1.1\r\nHost: web\r\n\r\n").Server(data: "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")
            .Client(data: "POST /login HTTP/1.1\r\nHost: web\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n").Server(data: "HTTP/1.1 100 Continue\r\n\r\n")
            .Client(data: "user").Server(data: "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n")
            .Client(data: "HEAD /file HTTP/1.1\r\nHost: web\r\n\r\n").Server(data: "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n")
            .Client(data: "GET /file HTTP/1.1\r\nHost: web\r\n\r\n").Server(data: "HTTP/1.1 304 Not Modified\r\nContent-Length: 900\r\n\r\n")
            .Client(data: "GET /chunks HTTP/1.1\r\nHost: web\r\n\r\n").Server(data: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            .Client(data: "PUT /file HTTP/1.1\r\nHost: web\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n").Server(data: "HTTP/1.1 204 No Content\r\n\r\n")
            .Client(data: "GET /last HTTP/1.1\r\nHost: web\r\n\r\n").Server(data: "HTTP/1.1 200 OK\r\n\r\nuntil the end").Close();
        return capture;
    }

    private static async Task Says(string code, string says, Action<TcpTalk> talk, params long[] packets)
    {
        var finding = Analyze.Single(await CardOf(talk), code);

        Assert.Equal(says, finding.Says);
        Assert.Equal(packets, finding.Packets);
    }

    private static async Task<TriageCard> CardOf(Action<TcpTalk> talk)
    {
        CaptureMaker capture = new();
        talk(new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Open());
        Faults.Dns(capture, 1, "end.example", responseCode: 0);
        return await Analyze.CaptureAsync(capture);
    }
}
