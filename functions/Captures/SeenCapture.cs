using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>A capture as it was at one moment, ready to be sent.</summary>
/// <param name="Body">What the API shows of it.</param>
/// <param name="Changes">What a waiting caller wants to hear of: its status, and the members' of several.</param>
/// <param name="Ended">Nothing more will change.</param>
/// <param name="Fleet">It is a capture of several pods: each look costs a read for each of them.</param>
internal sealed record SeenCapture(TaggedJson Body, string Changes, bool Ended, bool Fleet)
{
    public static SeenCapture Of(CaptureView view) => new(TaggedJson.Of(view), $"{view.Status}", view.Ended, Fleet: false);

    public static SeenCapture Of(FleetView view) => new(
        TaggedJson.Of(view), string.Join(' ', view.Members.Select(member => member.Status).Prepend(view.Status)), view.Status >= CaptureState.Completed, Fleet: true);
}
