using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What the kubelet's reasons mean. Pure.</summary>
internal static class TapWaiting
{
    // What tcpdump says when it may not become the user that it was built to run as: built so upstream (--with-user), with Debian's and Fedora's
    // patch (the file is given to that user first), with libcap-ng, and in an image without that user.
    private static readonly string[] UserChanges = ["Couldn't change to '", "Couldn't change ownership of savefile", "capng_change_id()", "Couldn't find user '"];

    public static bool IsFailingPull(V1ContainerStateWaiting waiting) => waiting.Reason is "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable";

    /// <summary>Whether the node has said that the container is not on its way.</summary>
    public static bool IsStuck(V1ContainerStatus? status) =>
        status?.State?.Waiting?.Reason is not (null or "" or "ContainerCreating" or "PodInitializing");

    /// <summary>The fault that a waiting container will never get over; null when it may.</summary>
    /// <param name="waiting">The container's state.</param>
    /// <param name="image">The image that it wants.</param>
    /// <param name="failingFor">How long the pull has failed, once that is too long; null before.</param>
    public static CaptureFault? Judge(V1ContainerStateWaiting waiting, string image, TimeSpan? failingFor) => waiting.Reason switch
    {
        "ErrImageNeverPull" or "InvalidImageName" or "ImageInspectError" => NoImage(waiting, image, "cannot be had"),
        "ErrImagePull" or "ImagePullBackOff" or "RegistryUnavailable" when failingFor is { } time =>
            NoImage(waiting, image, $"could not be pulled for {time.TotalSeconds:0} s"),
        "CreateContainerError" or "CreateContainerConfigError" or "RunContainerError" or "CrashLoopBackOff" => new(
            FaultCodes.ContainerCrashed,
            "The node could not start the tap's container.",
            "The detail has the node's own words; the pod's events may have more.",
            Detail: Say(waiting)),
        _ => null,
    };

    /// <param name="ended">How.</param>
    /// <param name="words">The end of its log.</param>
    /// <param name="changesUser">Whether the tap was given what a tcpdump that changes its user takes.</param>
    public static CaptureFault Crashed(V1ContainerStateTerminated ended, string words, bool changesUser) => ended.ExitCode switch
    {
        TapScripts.FilterWrong => Planning.FilterFault(words),
        TapScripts.CannotCapture => new(
            FaultCodes.ContainerCrashed,
            "tcpdump may not capture in the tap's container.",
            $"The node's runtime must let the container have NET_RAW{(changesUser ? ", SETUID and SETGID" : "")}.",
            Detail: $"exit code {ended.ExitCode}: {words}"),
        TapScripts.NeverListened when !changesUser && Array.Exists(UserChanges, sign => words.Contains(sign, StringComparison.Ordinal)) => new(
            FaultCodes.TcpdumpChangesUser,
            "The image's tcpdump changes its user, which the tap's pod, with NET_RAW alone, may not.",
            $"Set {NodeOptions.Section}:{nameof(NodeOptions.TcpdumpChangesUser)} to true: the pod then gets SETUID and SETGID as well, and nothing else. "
            + $"Or take an image whose tcpdump stays who it is ({TapOptions.Section}:Image; nicolaka/netshoot is one).",
            Detail: $"exit code {ended.ExitCode}: {words}"),
        TapScripts.TooLate => new(
            FaultCodes.AttachTimeout,
            $"The node started the tap's container later than {TapOptions.Section}:{nameof(TapOptions.StartAllowance)} lets it, by its own clock.",
            "Order again: an image that took long to pull is there by now. If it comes again, compare the time in the detail with yours: the node's clock may be ahead.",
            Detail: words),
        0 => new(
            FaultCodes.TapGone, "The tap's container has ended before it was asked.", "Order again.", Detail: $"exit code 0, {ended.Reason}: {words}"),
        _ => new(
            FaultCodes.ContainerCrashed,
            $"The tap's container ended with exit code {ended.ExitCode} before it listened.",
            "Its image must have sh, tcpdump, timeout, dd and sha256sum; the detail has the end of its log.",
            Detail: $"exit code {ended.ExitCode}, {ended.Reason}: {words}"),
    };

    public static string Describe(V1ContainerStatus? status) => status?.State switch
    {
        { Waiting: { } waiting } => Say(waiting),
        { Running: not null } => "the container runs; tcpdump has not said that it listens",
        _ => "the node has not reported the container yet",
    };

    private static CaptureFault NoImage(V1ContainerStateWaiting waiting, string image, string what) => new(
        FaultCodes.ImageUnavailable,
        $"The image {image} {what}.",
        $"Set {TapOptions.Section}:Image to an image that the node has or can pull (a mirror of nicolaka/netshoot, say).",
        Detail: Say(waiting));

    private static string Say(V1ContainerStateWaiting waiting) =>
        waiting.Message is { Length: > 0 } message ? $"{waiting.Reason}: {message}" : $"{waiting.Reason}";
}
