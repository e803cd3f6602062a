using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>A capture as it was at one moment, ready to be sent.</summary>
/// <param name="Body">What the API shows of it.</param>
/// <param name="Changes">What a waiting caller wants to hear of: its status, and the members' of several.</param>
/// <param name="Status">Its own.</param>
/// <param name="WindowEndsAt">When the capturing ends; null where that is not known.</param>
/// <param name="Fleet">It is a capture of several pods: each look costs a read for each of them.</param>
internal sealed record SeenCapture(TaggedJson Body, string Changes, CaptureState Status, DateTimeOffset? WindowEndsAt, bool Fleet)
{
    /// <summary>A second person, or a place in line, takes minutes; what comes after the window takes seconds.</summary>
    private const int LongestSeconds = 15;

    private const int ShortestSeconds = 2;

    /// <summary>Nothing more will change.</summary>
    public bool Ended => Status >= CaptureState.Completed;

    public static SeenCapture Of(CaptureView view) => new(
        TaggedJson.Of(view with { Links = CaptureLinks.WithAlert(view.Order?.Fleet?.FleetId ?? view.Id, view.Links, view.Order?.RequestedBy) }),
        $"{view.Status}",
        view.Status,
        view.Progress?.WindowEndsAt,
        Fleet: false);

    public static SeenCapture Of(FleetView view) => new(
        TaggedJson.Of(view with { Links = CaptureLinks.WithAlert(view.Id, view.Links, view.Order?.RequestedBy) }),
        string.Join(' ', view.Members.Select(member => member.Status).Prepend(view.Status)),
        view.Status,
        view.Window?.Until,
        Fleet: true);

    /// <summary>When it is worth to look again, whole seconds, for who waits for the end alone.</summary>
    public int SecondsToNextLook(DateTimeOffset now) => Status is CaptureState.AwaitingApproval or CaptureState.Queued
        ? LongestSeconds
        : (int)Math.Clamp(Math.Ceiling(((WindowEndsAt ?? now) - now).TotalSeconds), ShortestSeconds, LongestSeconds);
}
