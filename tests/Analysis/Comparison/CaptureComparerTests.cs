namespace CaptureFlow.Analysis.Tests;

public sealed class CaptureComparerTests
{
    [Fact]
    public async Task Compare_SameFaults_NoDifference()
    {
        var difference = await CompareAsync(Faults.All(), Faults.All());

        Assert.Empty(difference.OnlyInA.Concat(difference.OnlyInB));
        Assert.Empty(difference.Changed);
        Assert.Equal((await CardAsync(Faults.All())).Findings.Count, difference.Alike);
        Assert.StartsWith("No difference: both captures have the same ", difference.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_TwoHealthy_NothingWasFound()
    {
        var difference = await CompareAsync(Made(capture => Faults.Healthy(capture)), Made(capture => Faults.Healthy(capture, port: 40_001)));

        Assert.Equal(("Nothing was found in either capture.", 0), (difference.Summary, difference.Alike));
    }

    [Fact]
    public async Task Compare_HealthyWithEveryFault_EachIsOnlyInB()
    {
        var card = await CardAsync(Faults.All());

        var difference = await CompareAsync(Made(capture => Faults.Healthy(capture)), Faults.All());

        Assert.Equal(Named(card.Findings), Named(difference.OnlyInB.Select(one => one.Finding)));
        Assert.All(difference.OnlyInB, one => Assert.Equal(0, one.OfOthers));
        Assert.Empty(difference.OnlyInA);
    }

    [Fact]
    public async Task Compare_TheOtherWayRound_SidesAreSwapped()
    {
        var (a, b) = (Made(Faults.Refused, Faults.Unanswered), Made(Faults.Refused, Faults.ResetByServer));

        var (there, back) = (await CompareAsync(a, b), await CompareAsync(b, a));

        Assert.Equal(["tcp-unanswered"], there.OnlyInA.Select(one => one.Finding.Code));
        Assert.Equal(["tcp-reset-by-server"], there.OnlyInB.Select(one => one.Finding.Code));
        Assert.Equal(Named(there.OnlyInA.Select(one => one.Finding)), Named(back.OnlyInB.Select(one => one.Finding)));
        Assert.Equal(Named(there.OnlyInB.Select(one => one.Finding)), Named(back.OnlyInA.Select(one => one.Finding)));
        Assert.Equal((1, 1), (there.Alike, back.Alike));
    }

    [Fact]
    public async Task Compare_SameKindOfAnotherSubject_IsOnlyInEachAndSaysSo()
    {
        var difference = await CompareAsync(Made(capture => Refused(capture, port: 81)), Made(capture => Refused(capture, port: 82)));

        Assert.Equal(("10.0.0.1 → 10.0.0.2:81", 1L), Single(difference.OnlyInA));
        Assert.Equal(("10.0.0.1 → 10.0.0.2:82", 1L), Single(difference.OnlyInB));
    }

    /// <summary>The subject is the same, and so is the kind: 5xx.</summary>
    [Fact]
    public async Task Compare_AnotherStatusOfTheSameServer_IsADifference()
    {
        var difference = await CompareAsync(Made(capture => Answered(capture, 500)), Made(capture => Answered(capture, 503)));

        Assert.Contains("500", Assert.Single(difference.OnlyInA).Finding.Says, StringComparison.Ordinal);
        Assert.Contains("503", Assert.Single(difference.OnlyInB).Finding.Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 4, 4.0)]
    [InlineData(9, 3, 1 / 3.0)]
    [InlineData(1, 3, null)]
    [InlineData(5, 9, null)]
    public async Task Compare_SameFindingMoreOften_ChangedFromTwiceAndThreeMore(int timesInA, int timesInB, double? expected)
    {
        var difference = await CompareAsync(WithRefused(timesInA), WithRefused(timesInB));

        Assert.Equal(expected, difference.Changed.SingleOrDefault()?.Factor);
        Assert.Equal(expected is null ? 1 : 0, difference.Alike);
        Assert.Empty(difference.OnlyInA.Concat(difference.OnlyInB));
    }

    [Fact]
    public async Task Compare_TenTimesAsLongWithTenTimesAsMany_IsAlike()
    {
        CaptureMaker tenTimes = new();
        for (var i = 0; i < 10; i++)
        {
            Refused(tenTimes, 81, clientPort: 40_000 + i);
            Faults.Healthy(tenTimes, port: 41_000 + i);
        }

        var difference = await CompareAsync(Made(capture => Refused(capture, 81), capture => Faults.Healthy(capture)), tenTimes);

        Assert.Equal((0, 1), (difference.Changed.Count, difference.Alike));
    }

    /// <summary>A card shows ten subjects of a kind. Those that it leaves out are not missing from the capture.</summary>
    [Fact]
    public async Task Compare_MoreSubjectsThanACardHas_AllAreTold()
    {
        var difference = await CompareAsync(WithPortsRefused(15), WithPortsRefused(27));

        Assert.Empty(difference.OnlyInA);
        Assert.Equal((10, 12, 2), (difference.OnlyInB.Count, difference.OnlyInBCount, difference.LeftOut["tcp-refused"]));
        Assert.Equal(15, difference.Alike);
        Assert.StartsWith("B has 12 findings that A does not have, the worst: ", difference.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compare_MoreSubjectsThanAreToldApart_SaysSo()
    {
        var difference = await CompareAsync(WithPortsRefused(1), WithPortsRefused(1_001));

        Assert.Contains(
            "B: `tcp-refused` has too many subjects to tell all of them apart. One that seems to be missing may be among the others.",
            difference.CannotSay);
    }

    [Fact]
    public async Task Compare_OneIsHeadersOnly_SaysWhatItCannotHave()
    {
        var whole = Made(capture => Answered(capture, 500));

        var difference = await CompareAsync(whole.Changed(frames => frames, snapLength: 60), whole);

        Assert.Single(difference.OnlyInB, one => one.Finding.Code == "http-server-errors");
        Assert.Contains(difference.CannotSay, sentence => sentence.StartsWith("A: What is behind", StringComparison.Ordinal));
        Assert.DoesNotContain(difference.CannotSay, sentence => sentence.StartsWith("B: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Compare_OneIsNoCapture_NothingIsCompared()
    {
        var difference = CaptureComparer.Compare(await CardAsync(Faults.All()), await Analyze.BytesAsync([0x1f, 0x8b, 8, 0]));

        Assert.StartsWith("B is not a capture file: ", difference.Summary, StringComparison.Ordinal);
        Assert.Empty(difference.OnlyInA.Concat(difference.OnlyInB));
        Assert.Empty(difference.Measures);
    }

    internal static CaptureMaker Made(params Action<CaptureMaker>[] steps)
    {
        CaptureMaker capture = new();
        foreach (var step in steps)
        {
            step(capture);
        }

        return capture;
    }

    internal static async Task<CaptureDifference> CompareAsync(CaptureMaker a, CaptureMaker b) =>
        CaptureComparer.Compare(await CardAsync(a), await CardAsync(b));

    internal static void Refused(CaptureMaker capture, int port, int clientPort = 40_002) =>
        new TcpTalk(capture, $"10.0.0.1:{clientPort}", $"10.0.0.2:{port}").Client(TcpFlags.Syn).Server(TcpFlags.Reset | TcpFlags.Ack);

    private static Task<TriageCard> CardAsync(CaptureMaker capture) =>
        Analyze.BytesAsync(capture.ToPcap(), CaptureComparer.Options(TimeSpan.FromMinutes(2)));

    private static (string Subject, long OfOthers) Single(IReadOnlyList<OneSidedFinding> findings)
    {
        var one = Assert.Single(findings);
        return (one.Finding.Subject, one.OfOthers);
    }

    private static List<string> Named(IEnumerable<Finding> findings) =>
        [.. findings.Select(finding => $"{finding.Code} {finding.Subject} {string.Join(',', finding.Packets)}")];

    private static void Answered(CaptureMaker capture, int status) =>
        new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:80").Open()
            .Client(data: "GET /cart HTTP/1.1\r\nHost: web\r\n\r\n").Server()
            .Server(data: $"HTTP/1.1 {status} X\r\nContent-Length: 0\r\n\r\n").Client().Close();

    /// <summary>Of always as many packets: two of each connection that is refused, and the rest of another that is not.</summary>
    private static CaptureMaker WithRefused(int times)
    {
        CaptureMaker capture = new();
        for (var i = 0; i < times; i++)
        {
            Refused(capture, 81, clientPort: 42_000 + i);
        }

        var talk = new TcpTalk(capture, "10.0.0.1:40000", "10.0.0.2:9000").Open();
        while (capture.Count < 101)
        {
            talk.Client(data: "one of many");
        }

        return capture;
    }

    private static CaptureMaker WithPortsRefused(int ports)
    {
        CaptureMaker capture = new();
        for (var i = 0; i < ports; i++)
        {
            Refused(capture, 1_000 + i);
        }

        return capture;
    }
}
