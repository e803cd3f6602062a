namespace CaptureFlow.Analysis.Tests;

/// <summary>Each fault is found, with its packets, and nothing else is.</summary>
public sealed class FaultFindingsTests
{
    [Fact]
    public async Task Healthy_NothingWrongIsFound()
    {
        var card = await CardOf(capture => Faults.Healthy(capture));

        Assert.Empty(card.Findings);
        Assert.Equal("10 packets, 1 conversation: nothing wrong was found.", card.Summary);
        Assert.Equal(("closed", "10.0.0.1:40000", "10.0.0.2:80"), (card.Conversations[0].Ending, card.Conversations[0].Client, card.Conversations[0].Server));
        Assert.Equal(0.1, card.Tcp.HandshakeLongestMilliseconds);
    }

    [Fact]
    public async Task Refused_ErrorWithTheReset()
    {
        var card = await CardOf(Faults.Refused);

        Says(card, "tcp-refused", FindingSeverity.Error, "10.0.0.1 → 10.0.0.2:81", "1 connection refused: a SYN was answered with RST", 2);
        Assert.Equal((1, 0, 0), (card.Tcp.Refused, card.Tcp.Reset, card.Tcp.Unanswered));
    }

    [Fact]
    public async Task Unanswered_ErrorWithAllSyns()
    {
        var card = await CardOf(Faults.Unanswered);

        Says(card, "tcp-unanswered", FindingSeverity.Error, "10.0.0.1 → 10.0.0.9:443", "1 connection unanswered: 3 SYNs, none was answered", 1, 2, 3);
        Assert.Equal(1, card.Tcp.Unanswered);
    }

    [Fact]
    public async Task Retransmitted_WarningWithTheSecondCopy()
    {
        var card = await CardOf(Faults.Retransmitted);

        Says(card, "tcp-retransmissions", FindingSeverity.Warning, "fd00::1 → [fd00::2]:80", "1 retransmission of 6 segments (16.67 %)", 5);
    }

    [Fact]
    public async Task ZeroWindow_WarningNamesTheSideAndTheTime()
    {
        var card = await CardOf(Faults.ZeroWindow);

        var finding = Analyze.Single(card, "tcp-zero-window");
        Assert.Equal([5, 7], finding.Packets);
        Assert.StartsWith("2 zero windows, closed for up to 3.00 s: 10.0.0.2 could not take more", finding.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResetByServer_ErrorSaysAfterHowMuch()
    {
        var card = await CardOf(Faults.ResetByServer);

        Says(
            card, "tcp-reset-by-server", FindingSeverity.Error, "10.0.0.1 → 10.0.0.2:5432",
            "1 connection reset by the server, the first after 8 B from the client and 0 B from the server", 5);
    }

    [Fact]
    public async Task IdleCut_ErrorSaysHowLong()
    {
        var card = await CardOf(Faults.IdleCut);

        Says(card, "tcp-idle-cut", FindingSeverity.Error, "10.0.0.1 → 10.0.0.2:5433", "1 connection reset after being idle for up to 1.0 min", 7);
    }

    [Fact]
    public async Task SlowHandshake_WarningSaysHowLong()
    {
        var card = await CardOf(Faults.SlowHandshake);

        Says(card, "tcp-slow-handshake", FindingSeverity.Warning, "10.0.0.1 → 192.0.2.7:443", "1 slow handshake: the longest took 800.1 ms from SYN to SYN with ACK", 1);
    }

    [Fact]
    public async Task KeepAlives_Unanswered_AreAWarning()
    {
        var card = await CardOf(Faults.KeptAlive);

        Says(card, "tcp-keep-alive-unanswered", FindingSeverity.Warning, "10.0.0.1 → 10.0.0.2:6379", "4 keep-alives without an answer", 6, 7, 8, 9);
    }

    [Theory]
    [InlineData(3, "dns-nxdomain", FindingSeverity.Warning, "1 DNS answer NXDOMAIN by 10.0.0.53:53")]
    [InlineData(2, "dns-servfail", FindingSeverity.Error, "1 DNS answer SERVFAIL by 10.0.0.53:53")]
    public async Task Dns_AnswerWithError_IsFoundByName(int responseCode, string code, FindingSeverity severity, string says)
    {
        var card = await CardOf(capture => Faults.Dns(capture, 7, "Web.Shop.svc", responseCode));

        Says(card, code, severity, "web.shop.svc", says, 2);
        Assert.Equal(("dns", 7.1), (card.Conversations[0].Application, card.Dns.LongestMilliseconds));
    }

    [Fact]
    public async Task Dns_NoAnswer_IsAnErrorWithEachQuestion()
    {
        var card = await CardOf(capture => Faults.Dns(capture, 7, "web.shop.svc", responseCode: null));

        Says(card, "dns-unanswered", FindingSeverity.Error, "web.shop.svc", "1 DNS question unanswered, asked 2 times of 10.0.0.53:53", 1, 2);
    }

    [Fact]
    public async Task Dns_AskedJustBeforeTheEnd_IsNotCalledUnanswered()
    {
        CaptureMaker capture = new();
        capture.Add(Frames.Udp(new(1, 50_000), Faults.Resolver, Frames.Dns(1, "web.shop.svc")));

        var card = await Analyze.CaptureAsync(capture);

        Assert.Equal((1, 0, 0), (card.Dns.Queries, card.Dns.Unanswered, card.Findings.Count));
    }

    [Fact]
    public async Task Dns_MoreQuestionsThanAreKept_SaysHowManyWereGivenUp()
    {
        CaptureMaker capture = new();
        for (ushort id = 0; id < 40; id++)
        {
            capture.Add(Frames.Udp(new(1, 50_000), Faults.Resolver, Frames.Dns(id, $"n{id}.example")));
        }

        var card = await Analyze.BytesAsync(capture.ToPcap(), new() { Questions = 20 });

        Assert.Contains(card.CannotSay, sentence => sentence.Contains("DNS questions got an answer", StringComparison.Ordinal));
    }

    [Fact]
    public async Task All_TheWorstComeFirst()
    {
        var card = await Analyze.CaptureAsync(Faults.All());

        Assert.Equal(card.Findings.OrderBy(finding => finding.Severity).Select(finding => finding.Code), card.Findings.Select(finding => finding.Code));
        Assert.Equal(FindingSeverity.Error, card.Findings[0].Severity);
    }

    private static async Task<TriageCard> CardOf(Action<CaptureMaker> fault)
    {
        CaptureMaker capture = new();
        fault(capture);
        return await Analyze.CaptureAsync(capture);
    }

    private static void Says(TriageCard card, string code, FindingSeverity severity, string subject, string says, params long[] packets)
    {
        var finding = Analyze.Single(card, code);
        Assert.Equal((severity, subject, says), (finding.Severity, finding.Subject, finding.Says));
        Assert.Equal(packets, finding.Packets);
        Assert.DoesNotContain(card.Findings, other => other.Severity < severity);
    }
}
