using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>Do tcpdump's counters agree with the file, and do they tell of losses?</summary>
internal static class CounterRules
{
    public static void Check(VerdictFacts facts, List<VerdictFinding> findings)
    {
        if (facts.Tapped is not { } tapped)
        {
            return;
        }

        if (tapped.PacketsCaptured is not { } captured || tapped.PacketsDroppedByKernel is null)
        {
            findings.Add(new(Verdict.Partial, "tcpdump printed no counters: whether packets were dropped is not known."));
        }
        else if (facts.Walk?.Summary is { } walked && walked.Packets != captured)
        {
            findings.Add(walked.Packets < captured && VerdictRules.CutBySizeBound(facts)
                ? new(Verdict.LimitReached, $"tcpdump counted {captured} packets; {walked.Packets} whole ones fitted into the size bound.")
                : new(Verdict.Partial, $"tcpdump counted {captured} packets, but the file has {walked.Packets}."));
        }

        CheckDrops(tapped.PacketsDroppedByKernel, "kernel", "A smaller snap length or a narrower filter takes load off it.", tapped, findings);
        CheckDrops(tapped.PacketsDroppedByInterface, "interface", "They were lost before tcpdump's filter.", tapped, findings);
    }

    private static void CheckDrops(long? drops, string who, string advice, TapSummary tapped, List<VerdictFinding> findings)
    {
        if (drops is > 0)
        {
            var share = 100.0 * drops.Value / (drops.Value + Math.Max(tapped.PacketsCaptured ?? 0, 0));
            findings.Add(new(Verdict.Lossy, $"The {who} dropped {drops} packets, {Say(share)} % of all. {advice}"));
        }
    }

    private static string Say(double percent) => percent < 0.01 ? "less than 0.01" : percent.ToString("0.##", CultureInfo.InvariantCulture);
}
