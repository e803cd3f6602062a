using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>Did the tap see the packets that it sent itself? One that did not may have been deaf.</summary>
internal static class CanaryRules
{
    public static void Check(VerdictFacts facts, List<VerdictFinding> findings)
    {
        if (facts is not { Tapped: { Canaries: { } sent } tapped, Walk.Summary: { } walked } || sent == 0)
        {
            return;
        }

        // Sent at the window's end only where the window ended by time or on request; and by then a size bound may have closed the file.
        var ends = tapped.EndedBy is TapEnd.Window or TapEnd.Stopped && sent > 1;
        var missing = (walked.FirstCanary, walked.LastCanary || !ends) switch
        {
            (true, true) => null,
            (false, true) => "the start",
            (true, false) => "the end",
            _ => "both ends",
        };
        if (missing is null || VerdictRules.CutBySizeBound(facts))
        {
            return;
        }

        // Drops explain a canary that is missing; without any, there is no harmless reason left. So here a drop is the better news.
        var dropped = tapped.PacketsDroppedByKernel is > 0 || tapped.PacketsDroppedByInterface is > 0;
        findings.Add(dropped
            ? new(Verdict.Lossy, $"The canary packet of {missing} of the window is not in the file; it may be among those dropped.")
            : new(Verdict.Partial, $"The tap did not see the canary packet that it sent itself at {missing} of the window: it may not have captured all the time."));
    }

    /// <summary>What an empty file rests on.</summary>
    public static string Say(VerdictFacts facts) => (facts.Tapped?.Canaries, facts.Walk?.Summary) switch
    {
        ( > 1, { FirstCanary: true, LastCanary: true }) => "It saw the canary packets that it sent itself at both ends of the window.",
        ( > 0, { FirstCanary: true }) => "It saw the canary packet that it sent itself at the start of the window.",
        (0, _) => "Its image has nothing to send a canary packet with, so that this rests on tcpdump's word.",
        _ => "The filter admits no canary packet, so that this rests on tcpdump's word.",
    };
}
