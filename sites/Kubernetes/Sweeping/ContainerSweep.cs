using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Ends containers that outlived their deadline, or that run without a grant, through a fresh short grant that is taken back again.</summary>
internal sealed class ContainerSweep(
    ClusterConnection connection, ClusterCalls calls, AccountHome home, Granting granting, TapRelease release, GrantObjects objects, TapTurns turns, ILogger<ContainerSweep> logger)
{
    /// <summary>What CaptureFlow's own identity needs for it, beside what a capture needs.</summary>
    public static readonly IReadOnlyList<Right> Needs = [new("list", "pods")];

    private const int PageSize = 500;
    private const string JustEnded = "just ended";

    // The tap ends itself a little after its own deadline; only one that did not needs help.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FreshGrant = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TakenBackWithin = TimeSpan.FromSeconds(10);

    /// <summary>What is overdue in one namespace, or with null in all.</summary>
    public async Task<IReadOnlyList<OverdueTap>> FindAsync(string? space, SweepTally tally, CancellationToken cancellationToken)
    {
        List<OverdueTap> found = [];
        string? page = null;
        do
        {
            var pods = await ListAsync(space, page, cancellationToken);
            found.AddRange(pods.Items.SelectMany(pod => Overdue(pod, tally.At, tally.IsBound).Select(container => new OverdueTap(pod, container))));
            page = pods.Metadata?.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(page));
        return found;
    }

    /// <summary>Ends them, each within its own time.</summary>
    public Task EndAsync(IReadOnlyList<OverdueTap> taps, SweepTally tally, CancellationToken cancellationToken) => turns.RunAsync(
        taps,
        tap => tap.Pod,
        (tap, token) => EndOneAsync(tap, tally, token),
        (tap, detail) => Note(tap, detail, tally),
        cancellationToken);

    private void Note(OverdueTap tap, string? detail, SweepTally tally)
    {
        // Its capture has just revoked: the node tells of the end a moment after the binding is gone.
        if (detail == JustEnded)
        {
            return;
        }

        var (space, name) = (tap.Pod.Metadata.NamespaceProperty, $"{tap.Pod.Metadata.Name}/{tap.Container.Name}");
        tally.Found("container", space, name, tap.Container.Name, Since(tap.Container, tally.At), detail);
        if (tally.TakesBack)
        {
            logger.Swept("container", space, name, detail ?? "ended");
        }
    }

    private async Task<string?> EndOneAsync(OverdueTap tap, SweepTally tally, CancellationToken cancellationToken) =>
        TapSpec.Deadline(tap.Container) > tally.At && await release.WaitEndedAsync(Order(tap.Pod, tap.Container.Name, tally.At), EndWithin, cancellationToken) ? JustEnded
        : tally.TakesBack ? await TryEndAsync(tap.Pod, tap.Container.Name, tally.At, cancellationToken)
        : null;

    /// <param name="pod">Whose containers.</param>
    /// <param name="now">By the cluster's clock, no later than the bindings were listed.</param>
    /// <param name="isBound">Whether a capture in a namespace has its binding: it is there before the tap, and a tap is ended before it goes.</param>
    internal static IEnumerable<V1EphemeralContainer> Overdue(V1Pod pod, DateTimeOffset now, Func<string, string, bool> isBound) =>
        (pod.Spec.EphemeralContainers ?? []).Where(container =>
            CaptureIds.IsValid(container.Name)
            && TapStatus.Of(pod, container.Name)?.State?.Running is { } running
            && TapSpec.Deadline(container) is { } deadline
            && (deadline + Grace < now
                || (running.StartedAt is { } started && new DateTimeOffset(started.ToUniversalTime()) + Grace < now && !isBound(pod.Metadata.NamespaceProperty, container.Name))));

    // One without a grant is found out by looking: nobody has written down since when.
    private static DateTimeOffset Since(V1EphemeralContainer container, DateTimeOffset now) => TapSpec.Deadline(container) is { } deadline && deadline < now ? deadline : now;

    private static CaptureOrder Order(V1Pod pod, string captureId, DateTimeOffset now) => new(
        captureId, new(pod.Metadata.NamespaceProperty, pod.Metadata.Name), new(CaptureCeilings.ShortestDuration, CaptureWindow.HeaderSnapLength, 0), null, "captureflow reaper", "end a container past its deadline", now);

    // Null when it was seen to end.
    private async Task<string?> TryEndAsync(V1Pod pod, string captureId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var order = Order(pod, captureId, now);
        var accounts = await AccountsAsync(order, cancellationToken);
        try
        {
            var grant = await granting.EnsureAsync(order, accounts, CaptureRole.InPod, FreshGrant, cancellationToken);
            if (!grant.Succeeded)
            {
                return grant.Faults[0].Message;
            }

            await release.TryEndAsync(order, accounts, cancellationToken);
        }
        finally
        {
            // Also when the time for this tap is up: the fresh grant is not left to its expiry.
            using var own = new CancellationTokenSource(TakenBackWithin);
            await objects.EnsureNoneAsync(order, accounts, own.Token);
        }

        return await release.WaitEndedAsync(order, EndWithin, cancellationToken) ? null : "released, and still running";
    }

    // A binding that is still there names its account, and one from before accounts had a namespace of their own has it beside itself.
    private async Task<string> AccountsAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var space = order.Target.Namespace;
        return await objects.FindBindingAsync(space, order.CaptureId, cancellationToken) is { Subjects: [var subject] } && subject.NamespaceProperty == space
            ? space
            : (await home.FindAsync(space, cancellationToken)).Namespace;
    }

    private Task<V1PodList> ListAsync(string? space, string? page, CancellationToken cancellationToken) => calls.AskAsync(
        "list pods",
        token => space is null
            ? connection.Own.CoreV1.ListPodForAllNamespacesAsync(limit: PageSize, continueParameter: page, cancellationToken: token)
            : connection.Own.CoreV1.ListNamespacedPodAsync(space, limit: PageSize, continueParameter: page, cancellationToken: token),
        cancellationToken);
}
