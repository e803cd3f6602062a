namespace CaptureFlow.Analysis.Tests;

/// <summary>Handshakes that end where they should not, each by the packets that make it.</summary>
public sealed class TlsFindingsTests
{
    private const string Subject = $"10.0.0.1 → 10.0.0.2:443 ({TlsTalks.Name})";

    [Fact]
    public async Task NoServerHello_Reset_IsSaidWithWhoReset() =>
        await Says("tls-handshake-failed", "1 TLS handshake not completed: no ServerHello: after ClientHello, the server reset the connection", talk =>
            talk.ClientSends(TlsBytes.ClientHello()).Server(TcpFlags.Reset | TcpFlags.Ack), 4);

    [Fact]
    public async Task NoServerHello_Silence_IsSaid() =>
        await Says("tls-handshake-failed", "1 TLS handshake not completed: no ServerHello: after ClientHello, nothing more came", talk =>
            talk.ClientSends(TlsBytes.ClientHello()).Server().Wait(5 * CaptureMaker.Second), 4);

    [Fact]
    public async Task AfterServerHello_ClientCloses_IsSaid() =>
        await Says("tls-handshake-failed", "1 TLS handshake not completed: after ServerHello, the client closed the connection", talk =>
            talk.ClientSends(TlsBytes.ClientHello()).ServerSends(TlsBytes.ServerHello(0x0303)).Close(), 5);

    [Theory]
    [InlineData(40, "handshake_failure (40)")]
    [InlineData(112, "unrecognized_name (112)")]
    [InlineData(200, "number 200")]
    public async Task Alert_FromTheServer_IsNamed(byte number, string name) =>
        await Says("tls-alert", $"1 TLS handshake ended with alert {name} from the server after ClientHello", talk =>
            talk.ClientSends(TlsBytes.ClientHello()).ServerSends(TlsBytes.Alert(2, number)).Close(), 5);

    /// <summary>As Go's client sends it: with the keys of the handshake.</summary>
    [Fact]
    public async Task EncryptedAlert_InPlaceOfFinished_IsToldByItsLength() =>
        await Says("tls-alert-encrypted", "1 TLS handshake ended with an encrypted alert from the client in place of its Finished", talk => talk
            .ClientSends(TlsBytes.ClientHello()).ServerSends([.. TlsBytes.ServerHello13(), .. TlsBytes.Record(20, 1), .. TlsBytes.Record(23, new byte[900])])
            .ClientSends([.. TlsBytes.Record(20, 1), .. TlsBytes.Record(23, new byte[19])]).Close(), 6);

    /// <summary>A client certificate that the server does not accept: the client has finished by then.</summary>
    [Fact]
    public async Task EncryptedAlert_FirstThingBehindFinished_IsToldByItsLength() =>
        await Says("tls-alert-encrypted", "1 TLS handshake ended with an encrypted alert from the server, and nothing else after the client's Finished", talk => talk
            .ClientSends(TlsBytes.ClientHello()).ServerSends([.. TlsBytes.ServerHello13(), .. TlsBytes.Record(23, new byte[900])])
            .ClientSends(TlsBytes.Record(23, new byte[700])).ServerSends(TlsBytes.Record(23, new byte[19])).Close(), 7);

    [Fact]
    public async Task Plain_AnswerToClientHello_IsFound() =>
        await Says("tls-answered-in-plain", "1 ClientHello answered with something that is not TLS", talk =>
            talk.ClientSends(TlsBytes.ClientHello()).Server(data: "HTTP/1.1 400 Bad Request\r\n\r\n").Close(), 5);

    [Theory]
    [InlineData(0x0300, "SSL 3.0")]
    [InlineData(0x0302, "TLS 1.1")]
    public async Task OldVersion_IsAWarning(ushort version, string name) =>
        await Says("tls-old-version", $"1 handshake with {name}", talk => Complete(talk, version), 5);

    [Fact]
    public async Task ServerHello_Late_IsAWarning() =>
        await Says("tls-slow-handshake", "1 slow answer to ClientHello: the longest took 900.1 ms", talk =>
            talk.ClientSends(TlsBytes.ClientHello()).Wait(900 * CaptureMaker.Millisecond).ServerSends(TlsBytes.ServerHello(0x0303)), 5);

    /// <summary>PostgreSQL asks first, in the clear, whether the server can TLS.</summary>
    [Fact]
    public async Task Postgres_AskedForTls_IsRead() =>
        await Says("tls-alert", "1 TLS handshake ended with alert handshake_failure (40) from the server after ClientHello", talk => talk
            .ClientSends([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]).Server(data: "S").ClientSends(TlsBytes.ClientHello()).ServerSends(TlsBytes.Alert(2, 40)), 7);

    [Fact]
    public async Task Handshake_UnderWayAtTheEnd_IsNoFailure()
    {
        var card = await CardOf(talk => talk.ClientSends(TlsBytes.ClientHello()));

        Assert.Empty(card.Findings);
        Assert.Equal((1, 0, 0), (card.Tls.Handshakes, card.Tls.Completed, card.Tls.Failed));
    }

    [Fact]
    public async Task AlertThatCloses_IsNoFailure()
    {
        var card = await CardOf(talk => Complete(talk, 0x0303).ServerSends(TlsBytes.Alert(1, 0)).Close());

        Assert.Empty(card.Findings);
        Assert.Equal((1, 1, "tls"), (card.Tls.Handshakes, card.Tls.Completed, card.Conversations[0].Application));
    }

    [Fact]
    public async Task Handshake_WithAMissingSegment_IsNotCalledFailed()
    {
        var card = await CardOf(talk =>
        {
            talk.ClientSends(TlsBytes.ClientHello());
            talk.ServerNext += 500;
            talk.Client().ServerSends(TlsBytes.Record(23, new byte[40])).Client().Close();
        });

        Assert.Equal((1, 0, 1), (card.Tls.Handshakes, card.Tls.Failed, card.Tls.Unclear));
        Assert.Contains("How 1 TLS handshake ended: parts of them are not in the file.", card.CannotSay);
    }

    [Fact]
    public async Task Connection_ThatBeganBefore_IsSaid()
    {
        CaptureMaker capture = new();
        new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:443").ClientSends(new byte[300]).ClientSends(TlsBytes.Record(23, new byte[40])).Server();

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal((0, 1), (card.Tls.Handshakes, card.Tls.BeganBefore));
        Assert.Contains("The names and versions of 1 TLS connection: the handshake was before the capture.", card.CannotSay);
    }

    [Fact]
    public async Task Name_ThatWouldBreakThePage_IsMadeSafe()
    {
        var card = await CardOf(talk => talk.ClientSends(TlsBytes.ClientHello("a|b`\n<i>")).ServerSends(TlsBytes.Alert(2, 40)));

        Assert.Equal("a?b???i?", Assert.Single(card.Tls.Servers).Name);
    }

    private static TcpTalk Complete(TcpTalk talk, ushort version) => talk
        .ClientSends(TlsBytes.ClientHello()).ServerSends(TlsBytes.ServerHello(version))
        .ClientSends([.. TlsBytes.Record(20, 1), .. TlsBytes.Record(22, new byte[40])])
        .ServerSends([.. TlsBytes.Record(20, 1), .. TlsBytes.Record(22, new byte[40])]);

    private static async Task Says(string code, string says, Action<TcpTalk> talk, params long[] packets)
    {
        var finding = Analyze.Single(await CardOf(talk), code);

        Assert.Equal((says, Subject), (finding.Says, finding.Subject));
        Assert.Equal(packets, finding.Packets);
    }

    private static async Task<TriageCard> CardOf(Action<TcpTalk> talk)
    {
        CaptureMaker capture = new();
        talk(new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:443").Open());
        Faults.Dns(capture, 1, "end.example", responseCode: 0);
        return await Analyze.CaptureAsync(capture);
    }
}
