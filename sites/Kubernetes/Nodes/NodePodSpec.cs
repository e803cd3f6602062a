using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The specification of a tap's own pod on a node: the same for the same plan and grant, so that a repeated creation changes nothing.</summary>
internal static class NodePodSpec
{
    private const string Volume = "capture";

    // For the tap's notes beside the file, and for what the file may exceed its bound by (a block).
    private const long VolumeSlack = 16L << 20;

    // The kubelet ends the pod if the tap, which bounds itself, hangs.
    private static readonly TimeSpan HangSlack = TimeSpan.FromMinutes(1);

    /// <summary>The plan as its tap's own steps see it: the target is CaptureFlow's own pod, which is known by its marks and not by a uid.</summary>
    public static CapturePlan Inside(CapturePlan plan, string @namespace) => plan with
    {
        Order = plan.Order with { Target = new(@namespace, plan.Order.CaptureId, Cluster: plan.Order.Target.Cluster) },
        PodUid = string.Empty,
        AccountNamespace = null,
    };

    /// <param name="plan">As <see cref="Inside"/> made it.</param>
    /// <param name="grant">Its expiry is the pod's.</param>
    /// <param name="options">The tap.</param>
    public static V1Pod Build(CapturePlan plan, Grant grant, TapOptions options)
    {
        var tap = TapSpec.Build(plan, grant, options);
        ResourceQuantity room = new($"{plan.ByteBound + VolumeSlack}");
        return new()
        {
            Metadata = GrantMarks.Of(plan.Order, grant.ExpiresAt),
            Spec = new()
            {
                NodeName = plan.Node,
                HostNetwork = true,
                RestartPolicy = "Never",
                AutomountServiceAccountToken = false,
                EnableServiceLinks = false,
                DnsPolicy = "Default",
                TerminationGracePeriodSeconds = 5,
                ActiveDeadlineSeconds = (long)(options.StartAllowance + TapParameters.Of(plan.Order, options).Life + HangSlack).TotalSeconds,
                Tolerations = [new() { OperatorProperty = "Exists" }],
                SecurityContext = new() { SeccompProfile = new() { Type = "RuntimeDefault" } },
                Volumes = [new() { Name = Volume, EmptyDir = new() { SizeLimit = room } }],
                Containers =
                [
                    new()
                    {
                        Name = tap.Name,
                        Image = tap.Image,
                        ImagePullPolicy = tap.ImagePullPolicy,
                        Command = tap.Command,
                        Env = tap.Env,
                        TerminationMessagePolicy = tap.TerminationMessagePolicy,
                        VolumeMounts = [new() { Name = Volume, MountPath = "/tmp" }],
                        SecurityContext = ReadOnly(tap.SecurityContext),
                        // No limit of CPU: a throttled tcpdump loses packets.
                        Resources = new()
                        {
                            Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("100m"), ["memory"] = new("64Mi") },
                            Limits = new Dictionary<string, ResourceQuantity> { ["memory"] = new("256Mi") },
                        },
                    },
                ],
            },
        };
    }

    public static bool Same(V1Pod wanted, V1Pod found) =>
        GrantMarks.IsOf(found.Metadata, wanted.Metadata.Name)
        && found.Spec.NodeName == wanted.Spec.NodeName
        && found.Spec.HostNetwork == true
        && (found.Spec.Volumes ?? []).All(volume => volume.HostPath is null)
        && found.Spec.Containers is [var only]
        && only.Image == wanted.Spec.Containers[0].Image
        && only.Command.SequenceEqual(wanted.Spec.Containers[0].Command)
        && (only.SecurityContext?.Privileged ?? false) == false;

    private static V1SecurityContext ReadOnly(V1SecurityContext context)
    {
        context.ReadOnlyRootFilesystem = true;
        return context;
    }
}
