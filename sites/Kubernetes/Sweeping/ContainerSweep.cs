using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Ends containers that outlived their deadline, or that run without a grant, through a fresh short grant that is taken back again.</summary>
internal sealed class ContainerSweep(
    ClusterConnection connection, ClusterCalls calls, AccountHome home, Granting granting, TapRelease release, GrantObjects objects, ILogger<ContainerSweep> logger)
{
    /// <summary>What CaptureFlow's own identity needs for it, beside what a capture needs.</summary>
    public static readonly IReadOnlyList<Right> Needs = [new("list", "pods")];

    private const int PageSize = 500;

    // The tap ends itself a little after its own deadline; only one that did not needs help.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FreshGrant = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan EndWithin = TimeSpan.FromSeconds(10);

    public async Task SweepAsync(string? space, SweepTally tally, CancellationToken cancellationToken)
    {
        string? page = null;
        do
        {
            var pods = await ListAsync(space, page, cancellationToken);
            foreach (var pod in pods.Items)
            {
                foreach (var container in Overdue(pod, tally.At, tally.IsBound))
                {
                    if (TapSpec.Deadline(container) > tally.At && await release.WaitEndedAsync(Order(pod, container.Name, tally.At), EndWithin, cancellationToken))
                    {
                        // Its capture has just revoked: the node tells of the end a moment after the binding is gone.
                        continue;
                    }

                    var detail = tally.TakesBack ? await TryEndAsync(pod, container.Name, tally.At, cancellationToken) : null;
                    tally.Found("container", pod.Metadata.NamespaceProperty, $"{pod.Metadata.Name}/{container.Name}", container.Name, Since(container, tally.At), detail);
                    if (tally.TakesBack)
                    {
                        logger.Swept("container", pod.Metadata.NamespaceProperty, $"{pod.Metadata.Name}/{container.Name}", detail ?? "ended");
                    }
                }
            }

            page = pods.Metadata?.ContinueProperty;
        }
        while (!string.IsNullOrEmpty(page));
    }

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
        try
        {
            var accounts = await AccountsAsync(order, cancellationToken);
            var grant = await granting.EnsureAsync(order, accounts, CaptureRole.InPod, FreshGrant, cancellationToken);
            if (!grant.Succeeded)
            {
                return grant.Faults[0].Message;
            }

            await release.TryEndAsync(order, accounts, cancellationToken);
            await objects.EnsureNoneAsync(order, accounts, cancellationToken);
            return await release.WaitEndedAsync(order, EndWithin, cancellationToken) ? null : "released, and still running";
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            return e.Message;
        }
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
