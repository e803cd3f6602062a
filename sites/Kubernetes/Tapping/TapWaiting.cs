using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What the kubelet's reasons mean. Pure.</summary>
internal static class TapWaiting
{
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

    public static CaptureFault Crashed(V1ContainerStateTerminated ended, string words) => ended.ExitCode switch
    {
        TapScripts.FilterWrong => Planning.FilterFault(words),
        TapScripts.CannotCapture => new(
            FaultCodes.ContainerCrashed,
            "tcpdump may not capture in the tap's container.",
            "The node's runtime must let the container have NET_RAW, SETUID and SETGID.",
            Detail: $"exit code {ended.ExitCode}: {words}"),
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
