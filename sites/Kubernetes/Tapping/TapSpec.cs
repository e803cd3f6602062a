using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The ephemeral container's specification: the same for the same plan and grant, so that a repeated patch changes nothing.</summary>
internal static class TapSpec
{
    /// <summary>When the container must have ended; the reaper reads it from the pod's specification.</summary>
    public const string DeadlineVariable = "CAPTUREFLOW_DEADLINE";

    // Measured with Debian's tcpdump: without SETUID and SETGID it cannot set up even the identity that it keeps (-Z root). NET_ADMIN is
    // not needed: tcpdump's `any` never is promiscuous.
    private static readonly string[] Capabilities = ["NET_RAW", "SETGID", "SETUID"];

    public static V1EphemeralContainer Build(CapturePlan plan, Grant grant, TapOptions options) => new()
    {
        Name = plan.Order.CaptureId,
        Image = plan.Image,
        ImagePullPolicy = "IfNotPresent",
        Command = [.. TapScripts.Tap(TapParameters.Of(plan.Order, options), Escape(plan.Arguments))],
        Env = [new() { Name = DeadlineVariable, Value = Rfc3339.Write(grant.ExpiresAt) }],
        TargetContainerName = plan.Order.Target.Container,
        Stdin = false,
        Tty = false,
        // The last lines of the log come with the status, so that a crash explains itself without another request.
        TerminationMessagePolicy = "FallbackToLogsOnError",
        SecurityContext = new()
        {
            // A pod that demands runAsNonRoot passes that on unless it is overruled here.
            RunAsUser = 0,
            RunAsGroup = 0,
            RunAsNonRoot = false,
            Privileged = false,
            AllowPrivilegeEscalation = false,
            ReadOnlyRootFilesystem = false,
            Capabilities = new() { Drop = ["ALL"], Add = [.. Capabilities] },
        },
    };

    public static bool Same(V1EphemeralContainer wanted, V1EphemeralContainer found) =>
        wanted.Name == found.Name
        && wanted.Image == found.Image
        && wanted.TargetContainerName == (found.TargetContainerName is { Length: > 0 } target ? target : null)
        && wanted.Command.SequenceEqual(found.Command ?? [])
        && (found.Args ?? []).Count == 0
        && wanted.Env.Select(e => (e.Name, e.Value)).SequenceEqual((found.Env ?? []).Select(e => (e.Name, e.Value)))
        && wanted.SecurityContext.RunAsUser == found.SecurityContext?.RunAsUser
        && (found.SecurityContext?.Privileged ?? false) == false
        && wanted.SecurityContext.Capabilities.Add.SequenceEqual(found.SecurityContext?.Capabilities?.Add ?? []);

    // Kubernetes expands $(NAME) in a container's command, and takes a doubled dollar sign for a plain one.
    private static IReadOnlyList<string> Escape(IReadOnlyList<string> arguments) =>
        [.. arguments.Select(a => a.Replace("$", "$$", StringComparison.Ordinal))];
}
