using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class VerdictRulesTests
{
    private const string Hash = "ab12";
    private static readonly VerdictFacts Good = Facts(packets: 100);

    [Fact]
    public void Decide_EverythingAgrees_IsComplete()
    {
        var decision = VerdictRules.Decide(Good);

        Assert.Equal(Verdict.Complete, decision.Verdict);
        Assert.Contains("All 100 packets", Assert.Single(decision.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_StoppedOnRequest_IsCompleteAndSaysSo()
    {
        var decision = VerdictRules.Decide(Tapped(t => t with { EndedBy = TapEnd.Stopped, WindowSeconds = 3.5 }));

        Assert.Equal(Verdict.Complete, decision.Verdict);
        Assert.Equal(2, decision.Reasons.Count);
        Assert.Equal("The window was ended on request after 3.5 of 10 s.", decision.Reasons[1]);
    }

    [Fact]
    public void Decide_NoPackets_IsEmpty()
    {
        var decision = VerdictRules.Decide(Facts(packets: 0));

        Assert.Equal(Verdict.Empty, decision.Verdict);
        Assert.Contains("no packet matched", Assert.Single(decision.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, true, 0, Verdict.Empty, "saw the canary packets that it sent itself at both ends")]
    [InlineData(true, false, 0, Verdict.Partial, "canary packet that it sent itself at the end")]
    [InlineData(false, true, 0, Verdict.Partial, "canary packet that it sent itself at the start")]
    [InlineData(false, false, 0, Verdict.Partial, "canary packet that it sent itself at both ends")]
    [InlineData(true, false, 9, Verdict.Lossy, "may be among those dropped")]
    public void Decide_Canaries_AnEmptyFileIsSilenceOnlyWhenTheyWereSeen(bool first, bool last, long dropped, Verdict verdict, string reason)
    {
        var packets = (first ? 1 : 0) + (last ? 1 : 0);
        var facts = Facts(packets);
        facts = facts with
        {
            Tapped = facts.Tapped! with { Canaries = 2, PacketsDroppedByKernel = dropped },
            Walk = facts.Walk! with { Summary = facts.Walk.Summary! with { CanaryPackets = packets, FirstCanary = first, LastCanary = last } },
        };

        var decision = VerdictRules.Decide(facts);

        Assert.Equal(verdict, decision.Verdict);
        Assert.Contains(decision.Reasons, r => r.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_KernelDrops_IsLossyWithTheShare()
    {
        var decision = VerdictRules.Decide(Tapped(t => t with { PacketsDroppedByKernel = 25 }));

        Assert.Equal(Verdict.Lossy, decision.Verdict);
        Assert.StartsWith("The kernel dropped 25 packets, 20 % of all.", Assert.Single(decision.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_FewInterfaceDrops_IsLossyAndNotZeroPercent()
    {
        var facts = Facts(packets: 1_000_000);

        var decision = VerdictRules.Decide(facts with { Tapped = facts.Tapped! with { PacketsDroppedByInterface = 1 } });

        Assert.Equal(Verdict.Lossy, decision.Verdict);
        Assert.StartsWith("The interface dropped 1 packets, less than 0.01 % of all.", Assert.Single(decision.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_PacketBound_IsLimitReached()
    {
        var plan = Make.Plan(window: Make.Window() with { MaxPackets = 100 });

        var decision = VerdictRules.Decide(Tapped(t => t with { EndedBy = TapEnd.Limit, WindowSeconds = 2 }) with { Plan = plan });

        Assert.Equal(Verdict.LimitReached, decision.Verdict);
        Assert.Equal("The packet bound of 100 ended the window after 2 of 10 s.", Assert.Single(decision.Reasons));
    }

    [Fact]
    public void Decide_SizeBoundCutTheLastPacket_IsLimitReachedAndNamesIt()
    {
        var decision = VerdictRules.Decide(CutBySize(captured: 103));

        Assert.Equal(Verdict.LimitReached, decision.Verdict);
        Assert.Contains(decision.Reasons, r => r.Contains("The size bound of 1000000 bytes cut packet 101: 77 of its bytes", StringComparison.Ordinal));
        Assert.Contains(decision.Reasons, r => r.Contains("tcpdump counted 103 packets; 100 whole ones", StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_MorePacketsThanCounted_IsPartialEvenAtTheSizeBound()
    {
        var decision = VerdictRules.Decide(CutBySize(captured: 99));

        Assert.Equal(Verdict.Partial, decision.Verdict);
        Assert.Equal("tcpdump counted 99 packets, but the file has 100.", decision.Reasons[0]);
    }

    [Fact]
    public void Decide_CutFileFarFromTheBound_IsPartial()
    {
        var facts = CutBySize(captured: 100);

        var decision = VerdictRules.Decide(facts with { Plan = facts.Plan with { ByteBound = 10_000_000 } });

        Assert.Equal(Verdict.Partial, decision.Verdict);
        Assert.Contains("cut inside packet 101, 77 bytes behind", decision.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_FileShorterThanItsAccount_IsPartialWithTheShare()
    {
        var decision = VerdictRules.Decide(Tapped(t => t with { Bytes = Good.Walk!.Bytes * 4 }));

        Assert.Equal(Verdict.Partial, decision.Verdict);
        Assert.Contains("(25 %)", Assert.Single(decision.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PartialCases))]
    public void Decide_SomethingMissing_IsPartial(string reason, VerdictFacts facts)
    {
        var decision = VerdictRules.Decide(facts);

        Assert.Equal(Verdict.Partial, decision.Verdict);
        Assert.Contains(reason, decision.Reasons[0], StringComparison.Ordinal);
    }

    public static TheoryData<string, VerdictFacts> PartialCases() => new()
    {
        { "The tap gave no account", Good with { Tapped = null } },
        { "is not the container's", Tapped(t => t with { Sha256 = "cd34" }) },
        { "the container's had 5", Tapped(t => t with { Bytes = 5 }) },
        { "other bytes than it was given", Good with { Retrieved = Good.Retrieved! with { Sha256 = "cd34" } } },
        { "no room left on the disk under the file after 4 of 10 s", Tapped(t => t with { EndedBy = TapEnd.Full, WindowSeconds = 4 }) },
        { "terminated with its pod, or its node, after 4 of 10 s", Tapped(t => t with { EndedBy = TapEnd.Terminated, WindowSeconds = 4 }) },
        { "ended by itself after 4 of 10 s, with exit code 1", Tapped(t => t with { EndedBy = TapEnd.Died, WindowSeconds = 4, ExitCode = 1 }) },
        { "cut short: 9.4 of 10 s", Tapped(t => t with { WindowSeconds = 9.4 }) },
        { "counted 101 packets, but the file has 100", Tapped(t => t with { PacketsCaptured = 101 }) },
        { "printed no counters", Tapped(t => t with { PacketsCaptured = null }) },
        { "corrupt behind packet 100: bad", Good with { Walk = Good.Walk! with { Problem = "bad" } } },
        { "more than the bound", Good with { Plan = Good.Plan with { ByteBound = 30 } } },
        { "The pod is gone. (pod-gone)", Good with { Faults = [new(FaultCodes.PodGone, "The pod is gone.", "None.")] } },
    };

    [Fact]
    public void Decide_NoFile_IsFailed()
    {
        var decision = VerdictRules.Decide(Good with { Walk = null, Sha256 = null, Retrieved = null });

        Assert.Equal(Verdict.Failed, decision.Verdict);
        Assert.Equal("There is no capture file.", decision.Reasons[0]);
    }

    [Fact]
    public void Decide_NoHeader_IsFailed()
    {
        var decision = VerdictRules.Decide(Good with { Walk = new(Good.Walk!.Bytes, null, "The file is empty.") });

        Assert.Equal(Verdict.Failed, decision.Verdict);
        Assert.Contains("The file is empty.", decision.Reasons[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Decide_SeveralThings_NamesAllMostSeriousFirst()
    {
        var decision = VerdictRules.Decide(Tapped(t => t with { EndedBy = TapEnd.Limit, PacketsDroppedByKernel = 1, PacketsCaptured = 50 }));

        Assert.Equal(Verdict.Partial, decision.Verdict);
        Assert.Collection(
            decision.Reasons,
            r => Assert.StartsWith("tcpdump counted", r, StringComparison.Ordinal),
            r => Assert.StartsWith("The kernel dropped", r, StringComparison.Ordinal),
            r => Assert.StartsWith("The size bound", r, StringComparison.Ordinal));
    }

    internal static VerdictFacts Facts(long packets) => new(
        Make.Plan(),
        new(24 + (packets * 76), Hash, packets, packets, 0, null, TapEnd.Window, 10.01, 0),
        new(24 + (packets * 76), Hash, true, 0),
        new(24 + (packets * 76), new(276, 256, packets, packets * 60, packets * 60, Make.Noon, Make.Noon, 0), null),
        Hash,
        []);

    private static VerdictFacts Tapped(Func<TapSummary, TapSummary> change) => Good with { Tapped = change(Good.Tapped!) };

    /// <summary>Full snap length, bounded by size: the file ends a few bytes below the bound, inside a record.</summary>
    private static VerdictFacts CutBySize(long captured)
    {
        var plan = Make.Plan(window: new(TimeSpan.FromSeconds(10), CaptureWindow.FullSnapLength, 1_000_000));
        return Good with
        {
            Plan = plan,
            Tapped = Good.Tapped! with { Bytes = 999_936, PacketsCaptured = captured, EndedBy = TapEnd.Limit, WindowSeconds = 2 },
            Retrieved = new(999_936, Hash, true, 0),
            Walk = new(999_936, Good.Walk!.Summary! with { BytesAfterLastRecord = 77 }, null),
        };
    }
}
