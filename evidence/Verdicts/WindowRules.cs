using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>Did the tap listen for the whole window, and if not, why?</summary>
internal static class WindowRules
{
    /// <summary>The container counts in hundredths and its clock may run apart from ours a little; a second more would be missing packets.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(0.5);

    public static void Check(VerdictFacts facts, List<VerdictFinding> findings)
    {
        if (facts.Tapped is not { } tapped)
        {
            return;
        }

        var window = facts.Plan.Order.Window;
        var span = $"{Say(tapped.WindowSeconds)} of {Say(window.Duration.TotalSeconds)} s";
        if (Judge(facts, tapped, span) is { } finding)
        {
            findings.Add(finding);
        }
    }

    private static VerdictFinding? Judge(VerdictFacts facts, TapSummary tapped, string span)
    {
        var window = facts.Plan.Order.Window;
        var whole = tapped.WindowSeconds >= (window.Duration - Tolerance).TotalSeconds;
        return tapped.EndedBy switch
        {
            TapEnd.Window => whole ? null : new(Verdict.Partial, $"The window was cut short: {span}."),
            // The fleet ends the shared window of all its captures at once.
            TapEnd.Stopped => whole && facts.Plan.Order.Fleet is not null ? null : new(Verdict.Complete, $"The window was ended on request after {span}."),
            TapEnd.Limit => new(Verdict.LimitReached, $"{Bound(facts, window)} ended the window after {span}."),
            TapEnd.Died => new(Verdict.Partial, $"tcpdump ended by itself after {span}, with exit code {tapped.ExitCode}."),
            TapEnd.Full => new(Verdict.Partial, $"There was no room left on the disk under the file after {span}: packets before its end may be missing too."),
            TapEnd.Terminated => new(Verdict.Partial, $"The tap was terminated with its pod, or its node, after {span}."),
        };
    }

    private static string Bound(VerdictFacts facts, CaptureWindow window) => window.PacketBound switch
    {
        { } packets when packets == window.MaxPackets => $"The packet bound of {packets}",
        { } packets => $"The size bound of {Quantity.Of(window.MaxBytes)}, which {packets} packets fill at worst,",
        _ => $"The size bound of {Quantity.Of(facts.Plan.ByteBound)}",
    };

    private static string Say(double seconds) => seconds.ToString("0.##", CultureInfo.InvariantCulture);
}
