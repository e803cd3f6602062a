using System.Text.Json;

namespace CaptureFlow.Orchestrations;

/// <summary>The fleet's custom status while it runs. What each capture is doing is its own status.</summary>
/// <param name="State">Planning, then attaching until the shared window opens, capturing until its end, then finishing.</param>
/// <param name="Members">The captures; empty until the target is resolved.</param>
/// <param name="LeftOut">Pods that match and are not captured.</param>
/// <param name="Listening">How many taps listen.</param>
/// <param name="Window">The shared window; null until it is open.</param>
public sealed record FleetProgress(
    CaptureState State, IReadOnlyList<FleetMember> Members, IReadOnlyList<LeftOutPod> LeftOut, int Listening = 0, SharedWindow? Window = null)
{
    /// <summary>Characters of its JSON. A custom status of more than 16 KB of UTF-16 fails the orchestration; a platform's own JSON may be a little longer.</summary>
    public const int Longest = 7_000;

    /// <summary>As in <see cref="CaptureProgress"/>: one word is for all pods.</summary>
    public ApprovalState? Approval { get; init; }

    /// <summary>As in <see cref="CaptureProgress"/>: a fleet is let in as a whole.</summary>
    public QueuePlace? Queue { get; init; }

    /// <summary>How many pods more were left out than <see cref="LeftOut"/> has room for; the report has them all.</summary>
    public int LeftOutMore { get; init; }

    /// <summary>
    /// The same within <see cref="Longest"/>: first the last of <see cref="LeftOut"/> go, then the names of the last members' pods, which their own instances
    /// know as well. Their ids stay.
    /// </summary>
    public FleetProgress Bounded()
    {
        var fits = this;
        while (fits.Length > Longest && fits.LeftOut.Count > 0)
        {
            var shown = fits.LeftOut.Count / 2;
            fits = fits with { LeftOut = [.. LeftOut.Take(shown)], LeftOutMore = LeftOut.Count - shown };
        }

        for (var named = Members.Count; fits.Length > Longest && named > 0;)
        {
            named /= 2;
            fits = fits with { Members = [.. Members.Select((member, i) => i < named ? member : member with { Pod = "" })] };
        }

        return fits;
    }

    // The same for the same status, so that a replay comes to the same.
    private int Length => JsonSerializer.Serialize(this).Length;
}
