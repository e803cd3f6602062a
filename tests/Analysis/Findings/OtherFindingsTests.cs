using System.Net;
using System.Reflection;

namespace CaptureFlow.Analysis.Tests;

/// <summary>The findings that are seldom the cause, each by the packets that make it.</summary>
public sealed class OtherFindingsTests
{
    private const TcpFlags Finish = TcpFlags.Fin | TcpFlags.Ack;
    private const TcpFlags Reset = TcpFlags.Reset | TcpFlags.Ack;

    [Fact]
    public async Task ResetByClient_IsFound() =>
        await Has("tcp-reset-by-client", talk => talk.Open().Client(data: "too slow").Client(Reset), 5);

    [Fact]
    public async Task ResetAfterFin_IsFound() =>
        await Has("tcp-reset-after-fin", talk => talk.Open().Server(Finish).Client(Reset), 5);

    [Fact]
    public async Task HalfClosed_IsFound() =>
        await Has("tcp-half-closed", talk => talk.Open().Client(Finish).Server().Wait(6 * CaptureMaker.Second), 4);

    [Fact]
    public async Task OneDirection_IsFound() =>
        await Has("tcp-one-direction", talk => talk.Client(data: "one").Client(data: "two").Client(data: "three"), 1);

    [Fact]
    public async Task SlowAcks_AreFound() =>
        await Has("tcp-slow-acks", talk => talk.Open().Client(data: "hello").Wait(700 * CaptureMaker.Millisecond).Server(), 5);

    [Fact]
    public async Task SpuriousRetransmission_IsFound() =>
        await Has("tcp-spurious-retransmissions", talk => Again(talk.Open().Client(data: "hello").Server(), 5).Client(data: "hello"), 6);

    [Fact]
    public async Task DuplicateAcks_AreFound() =>
        await Has("tcp-duplicate-acks", talk => talk.Open().Client(data: "hello").Server().Server().Server(), 6, 7);

    [Fact]
    public async Task WindowFull_IsFound() =>
        await Has("tcp-window-full", talk => talk.Open().Server(window: 5).Client(data: "hello"), 5);

    [Fact]
    public async Task SegmentThatIsNotInTheFile_IsFound() =>
        await Has("tcp-not-captured", talk => Again(talk.Open(), -100).Client(data: "hello"), 4);

    [Fact]
    public async Task OutOfOrder_IsFound() =>
        await Has("tcp-out-of-order", talk => Again(Again(talk.Open(), -5).Client(data: "later"), 10).Client(data: "first"), 5);

    /// <summary>Several between the same two are one finding.</summary>
    [Fact]
    public async Task SameEnds_AreOneFinding()
    {
        CaptureMaker capture = new();
        for (var i = 0; i < 12; i++)
        {
            new TcpTalk(capture, $"10.0.0.1:{40_000 + i}", "10.0.0.2:81").Client(TcpFlags.Syn).Server(Reset);
        }

        var finding = Analyze.Single(await Analyze.CaptureAsync(capture), "tcp-refused");

        Assert.Equal((12, "12 connections refused: a SYN was answered with RST"), (finding.Count, finding.Says));
        Assert.Equal([2, 4, 6, 8, 10, 12, 14, 16], finding.Packets);
    }

    [Fact]
    public void Docs_NameEveryFinding()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        var text = File.ReadAllText(Path.Combine(folder.FullName, "docs", "triage.md"));
        var codes = typeof(TriageCard).Assembly.GetTypes()
            .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
            .Where(field => field.FieldType == typeof(FindingKind))
            .Select(field => ((FindingKind)field.GetValue(null)!).Code)
            .ToList();

        Assert.True(codes.Count > 20, string.Join(", ", codes));
        Assert.All(codes, code => Assert.Contains($"`{code}`", text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Interfaces_OfOnePacketSeenTwice_AreTwoConversations()
    {
        var frame = Frames.Tcp(IPEndPoint.Parse("10.0.0.1:40000"), IPEndPoint.Parse("10.0.0.2:80"), 1, 0, TcpFlags.Syn);
        byte[] file =
        [
            .. PcapngBlocks.Section(false), .. PcapngBlocks.Interface(false, 1, 9), .. PcapngBlocks.Interface(false, 1, 9),
            .. PcapngBlocks.Packet(false, 0, 1, frame, frame.Length), .. PcapngBlocks.Packet(false, 1, 2, frame, frame.Length),
        ];

        var card = await Analyze.BytesAsync(file);

        Assert.Equal((2, 0), (card.Tcp.Connections, card.Tcp.Retransmissions));
    }

    // So many bytes back, or on.
    private static TcpTalk Again(TcpTalk talk, int bytes)
    {
        talk.ClientNext -= (uint)bytes;
        return talk;
    }

    private static async Task Has(string code, Action<TcpTalk> say, params long[] packets)
    {
        CaptureMaker capture = new();
        say(new(capture, "10.0.0.1:40000", "10.0.0.2:80"));
        Faults.Dns(capture, 1, "end.example", responseCode: 0);

        Assert.Equal(packets, Analyze.Single(await Analyze.CaptureAsync(capture), code).Packets);
    }
}
