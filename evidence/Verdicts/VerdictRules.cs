using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Decides what evidence is worth. Pure. Every rule that applies leaves its reason; the most serious one names the verdict, in the order
/// Failed, Partial, Lossy, LimitReached, Empty, Complete. So more bad news never makes a better verdict.
/// </summary>
public static class VerdictRules
{
    /// <summary>How serious a verdict is, 0 for Complete. Not the order of the enum, whose values users see.</summary>
    public static int Seriousness(Verdict verdict) => verdict switch
    {
        Verdict.Complete => 0,
        Verdict.Empty => 1,
        Verdict.LimitReached => 2,
        Verdict.Lossy => 3,
        Verdict.Partial => 4,
        Verdict.Failed => 5,
    };

    public static VerdictDecision Decide(VerdictFacts facts)
    {
        List<VerdictFinding> findings = [];
        FileRules.Check(facts, findings);
        WindowRules.Check(facts, findings);
        CounterRules.Check(facts, findings);
        CanaryRules.Check(facts, findings);
        findings.AddRange(facts.Faults.Select(fault => new VerdictFinding(Verdict.Partial, $"{fault.Message} ({fault.Code})")));
        if (findings.Count == 0 || findings.All(f => f.Verdict == Verdict.Complete))
        {
            findings.Insert(0, Sound(facts));
        }

        // OrderBy is stable: within a verdict the rules' own order stays.
        var ordered = findings.OrderByDescending(f => Seriousness(f.Verdict)).ToList();
        return new(ordered[0].Verdict, [.. ordered.Select(f => f.Reason)]);
    }

    /// <summary>
    /// Whether the file ends where the size bound let it: one more packet of the full snap length would not have fitted. Then the last
    /// record may be cut, and the packets behind it are counted but not there.
    /// </summary>
    internal static bool CutBySizeBound(VerdictFacts facts) =>
        facts is { Tapped: { EndedBy: TapEnd.Limit } tapped, Walk: { Summary: not null, Problem: null } walk }
        && walk.Bytes == tapped.Bytes
        && facts.Plan.Order.Window is { PacketBound: null, SnapLength: var snap }
        && walk.Bytes + CaptureWindow.RecordHeaderBytes + snap > facts.Plan.ByteBound;

    /// <summary>What there is to say when nothing is wrong.</summary>
    private static VerdictFinding Sound(VerdictFacts facts)
    {
        var packets = facts.Walk?.Summary?.Packets ?? 0;
        return facts.Walk?.Summary is not { OthersPackets: > 0 }
            ? new(Verdict.Empty, $"The tap listened all the time and no packet matched; the file is whole and valid. {CanaryRules.Say(facts)}")
            : new(Verdict.Complete, $"All {packets} packets that tcpdump counted are in the file, nothing was dropped, and size and SHA-256 equal those in the container.");
    }
}
