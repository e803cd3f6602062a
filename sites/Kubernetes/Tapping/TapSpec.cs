using System.Globalization;
using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The ephemeral container's specification: the same for the same plan and grant, so that a repeated patch changes nothing.</summary>
internal static class TapSpec
{
    /// <summary>When the container must have ended; the reaper reads it from the pod's specification.</summary>
    public const string DeadlineVariable = "CAPTUREFLOW_DEADLINE";

    /// <summary>Until when the container may start; after that it ends at once. What has not started by then never captures.</summary>
    public const string StartByVariable = "CAPTUREFLOW_START_BY";

    /// <summary>How long the tap may hold up the deletion of a pod that is not CaptureFlow's own, in centiseconds: no pod outlives its own grace for it.</summary>
    public const string HoldVariable = "CAPTUREFLOW_HOLD";

    // The capture's next look comes within this time for windows of up to 20 minutes; a pod has 30 s of grace unless it says otherwise.
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(20);

    /// <summary>tcpdump's option for the user that it becomes.</summary>
    public const string IdentityOption = "-Z";

    /// <summary>
    /// Whether the plan has tcpdump set up an identity: even root's own takes SETUID and SETGID (tcpdump sets groups, group and user, and ends where it
    /// may not). The plan alone decides, so that it and the capabilities are never of two minds, whatever the settings are by now.
    /// </summary>
    public static bool ChangesUser(CapturePlan plan) => plan.Arguments.TakeWhile(argument => argument != "--").Contains(IdentityOption);

    /// <param name="plan">The capture.</param>
    /// <param name="grant">Its expiry is the tap's deadline.</param>
    /// <param name="options">The tap's settings.</param>
    /// <param name="startBy">Until when it may start, by the cluster's clock; null for as long as the grant lasts, in a pod that goes with its capture.</param>
    public static V1EphemeralContainer Build(CapturePlan plan, Grant grant, TapOptions options, DateTimeOffset? startBy = null) => new()
    {
        Name = plan.Order.CaptureId,
        Image = plan.Image,
        ImagePullPolicy = "IfNotPresent",
        Command = [.. TapScripts.Tap(TapParameters.Of(plan.Order, options), Escape(plan.Arguments))],
        Env = Environment(plan, grant, startBy),
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
            Capabilities = new() { Drop = ["ALL"], Add = Capabilities(plan) },
        },
    };

    public static bool Same(V1EphemeralContainer wanted, V1EphemeralContainer found) =>
        wanted.Name == found.Name
        && wanted.Image == found.Image
        && wanted.TargetContainerName == (found.TargetContainerName is { Length: > 0 } target ? target : null)
        && wanted.Command.SequenceEqual(found.Command ?? [])
        && (found.Args ?? []).Count == 0
        && Lasting(wanted.Env).SequenceEqual(Lasting(found.Env))
        && wanted.SecurityContext.RunAsUser == found.SecurityContext?.RunAsUser
        && (found.SecurityContext?.Privileged ?? false) == false
        && wanted.SecurityContext.Capabilities.Add.SequenceEqual(found.SecurityContext?.Capabilities?.Add ?? []);

    /// <summary>Until when a tap may start, by the cluster's clock.</summary>
    /// <returns>Null when its container does not say.</returns>
    public static DateTimeOffset? StartBy(V1EphemeralContainer container) => Time(container, StartByVariable) ?? Deadline(container);

    /// <summary>When a tap must have ended, by the cluster's clock.</summary>
    /// <returns>Null when its container does not say.</returns>
    public static DateTimeOffset? Deadline(V1EphemeralContainer container) => Time(container, DeadlineVariable);

    private static DateTimeOffset? Time(V1EphemeralContainer container, string variable) =>
        Rfc3339.TryRead(container.Env?.FirstOrDefault(e => e.Name == variable)?.Value);

    // A repeated step comes later, and finds the tap with the time that it was given first.
    private static IEnumerable<(string Name, string? Value)> Lasting(IList<V1EnvVar>? environment) =>
        (environment ?? []).Where(e => e.Name != StartByVariable).Select(e => (e.Name, (string?)e.Value));

    private static List<V1EnvVar> Environment(CapturePlan plan, Grant grant, DateTimeOffset? startBy)
    {
        List<V1EnvVar> variables = [new() { Name = DeadlineVariable, Value = Rfc3339.Write(grant.ExpiresAt) }];
        if (startBy is { } by)
        {
            variables.Add(new() { Name = StartByVariable, Value = Rfc3339.Write(by < grant.ExpiresAt ? by : grant.ExpiresAt) });
        }

        if (plan.Place is null)
        {
            variables.Add(new() { Name = HoldVariable, Value = (Hold.TotalSeconds * 100).ToString("0", CultureInfo.InvariantCulture) });
        }

        return variables;
    }

    // NET_ADMIN is not needed: tcpdump's `any` never is promiscuous.
    private static string[] Capabilities(CapturePlan plan) => ChangesUser(plan) ? ["NET_RAW", "SETGID", "SETUID"] : ["NET_RAW"];

    // Kubernetes expands $(NAME) in a container's command, and takes a doubled dollar sign for a plain one.
    private static IReadOnlyList<string> Escape(IReadOnlyList<string> arguments) =>
        [.. arguments.Select(a => a.Replace("$", "$$", StringComparison.Ordinal))];
}
