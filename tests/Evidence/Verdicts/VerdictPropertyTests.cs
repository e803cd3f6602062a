using CaptureFlow.Orchestrations;
using CsCheck;

namespace CaptureFlow.Evidence.Tests;

/// <summary>What holds for the verdict whatever the facts: it never throws, always has a reason, and bad news never improves it.</summary>
public sealed class VerdictPropertyTests
{
    private static readonly Gen<TapSummary> Taps = Gen.Select(
        Gen.Int[0, 3], Gen.Long[0, 4], Gen.Long[0, 2], Gen.Enum<TapEnd>(), Gen.Double[0, 12], Gen.Bool,
        (blocks, captured, dropped, end, seconds, counters) => new TapSummary(
            24 + (blocks * 76), "ab", counters ? captured : null, captured, counters ? dropped : null, null, end, seconds, 0));

    private static readonly Gen<PcapWalk> Walks = Gen.Select(
        Gen.Long[0, 3], Gen.Long[0, 2], Gen.Bool, Gen.Bool,
        (packets, rest, readable, sound) => new PcapWalk(
            24 + (packets * 76) + rest,
            readable ? new(276, 256, packets, packets * 60, packets * 60, null, null, rest) : null,
            readable && sound ? null : "odd bytes."));

    private static readonly Gen<VerdictFacts> Any = Gen.Select(
        Taps.Null(), Walks.Null(), Gen.Bool, Gen.Bool, Gen.Bool,
        (tap, walk, same, faulty, full) => Facts(tap, walk, same ? "ab" : "cd", faulty, full ? 262_144 : 256));

    [Fact]
    public void Decide_AnyFacts_HasReasonsAndTheSameAnswerTwice() => Any.Sample(facts =>
    {
        var decision = VerdictRules.Decide(facts);

        Assert.NotEmpty(decision.Reasons);
        Assert.All(decision.Reasons, reason => Assert.Matches("^[A-Za-z].*[.)]$", reason));
        Assert.Equal(decision.Reasons, VerdictRules.Decide(facts).Reasons);
    });

    [Fact]
    public void Decide_OneMoreDrop_IsNeverBetter() => Worse(
        facts => facts.Tapped is { PacketsDroppedByKernel: { } drops } ? facts with { Tapped = facts.Tapped with { PacketsDroppedByKernel = drops + 1 } } : facts);

    [Fact]
    public void Decide_OneMoreFault_IsNeverBetter() => Worse(
        facts => facts with { Faults = [.. facts.Faults, new(FaultCodes.TapGone, "Gone.", "Again.")] });

    [Fact]
    public void Decide_NoAccount_IsNeverBetter() => Worse(facts => facts with { Tapped = null });

    [Fact]
    public void Decide_NoFile_IsNeverBetter() => Worse(facts => facts with { Walk = null, Sha256 = null });

    [Fact]
    public void Decide_TapDied_IsNeverBetter() => Worse(
        facts => facts.Tapped is null ? facts : facts with { Tapped = facts.Tapped with { EndedBy = TapEnd.Died } });

    [Fact]
    public void Decide_OtherHash_IsNeverBetter() => Worse(facts => facts.Walk is null ? facts : facts with { Sha256 = "ef" });

    [Fact]
    public void Decide_CompleteOrEmpty_MeansThatEverythingAgrees() => Any.Sample(facts =>
    {
        var verdict = VerdictRules.Decide(facts).Verdict;

        if (verdict is Verdict.Complete or Verdict.Empty)
        {
            var (tapped, walk) = (facts.Tapped!, facts.Walk!);
            Assert.Equal((tapped.Bytes, tapped.Sha256), (walk.Bytes, facts.Sha256));
            Assert.Equal(tapped.PacketsCaptured, walk.Summary!.Packets);
            Assert.Equal(0, tapped.PacketsDroppedByKernel);
            Assert.Equal(0, walk.Summary.BytesAfterLastRecord);
            Assert.Equal(verdict == Verdict.Empty, walk.Summary.Packets == 0);
            Assert.Empty(facts.Faults);
        }
    });

    private static VerdictFacts Facts(TapSummary? tapped, PcapWalk? walk, string hash, bool faulty, int snapLength) => new(
        Make.Plan("cf-0000000000000000", new(TimeSpan.FromSeconds(10), snapLength, 300)),
        tapped,
        walk is null ? null : new(walk.Bytes, hash, true, 0),
        walk,
        walk is null ? null : hash,
        faulty ? [new(FaultCodes.TransferCut, "Cut.", "Again.")] : []);

    private static void Worse(Func<VerdictFacts, VerdictFacts> change) => Any.Sample(facts =>
    {
        var before = VerdictRules.Decide(facts).Verdict;

        var after = VerdictRules.Decide(change(facts)).Verdict;

        Assert.True(VerdictRules.Seriousness(after) >= VerdictRules.Seriousness(before), $"{before} became {after}");
    });
}
