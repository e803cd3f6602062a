using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Takes back what is past its expiry, from labels, annotations and pod specifications alone: it works when nobody remembers the captures.
/// Live grants are listed only; what does not carry CaptureFlow's marks is not even looked at.
/// </summary>
internal sealed class Sweeping(
    ClusterScope scope,
    ClusterConnection connection,
    ClusterCalls calls,
    GrantObjects objects,
    ContainerSweep containers,
    IOptions<CapturePolicy> policy,
    ClusterClock clock,
    TimeProvider time,
    ILogger<Sweeping> logger)
{
    /// <summary>What CaptureFlow's own identity needs for it, beside what a capture needs and <see cref="ContainerSweep.Needs"/>.</summary>
    public static readonly IReadOnlyList<Right> Needs = [new("list", "rolebindings", Group: GrantMarks.RbacGroup), new("list", "serviceaccounts")];

    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    public async Task<SweepReport> SweepAsync(bool takeBack, CancellationToken cancellationToken)
    {
        using var cap = new CancellationTokenSource(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        var tally = new SweepTally(scope.Cluster.Name, () => clock.Now, takeBack);
        // Null stands for all namespaces.
        IReadOnlyList<string?> spaces = policy.Value.Namespaces.Count > 0 ? [.. policy.Value.Namespaces] : [null];
        foreach (var space in spaces)
        {
            try
            {
                await SweepGrantsAsync(space, tally, either.Token);
                await containers.SweepAsync(space, tally, either.Token);
            }
            catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
            {
                tally.Fault(CannotLook(space, e));
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                tally.Fault(CannotLook(space, new TimeoutException($"not done after {Cap.TotalMinutes:0} minutes")));
                break;
            }
        }

        return tally.ToReport();
    }

    /// <summary>Takes back the expired grants of one namespace, or with null of all.</summary>
    public async Task SweepGrantsAsync(string? space, SweepTally tally, CancellationToken cancellationToken)
    {
        // Bindings first: they are the permission; an account alone can do nothing.
        var bindings = await ListBindingsAsync(space, cancellationToken);

        // Also where there is none: a tap that came after this had its binding after it, and is not one without a grant.
        tally.Look();
        foreach (var binding in bindings)
        {
            var grants = binding.RoleRef is { Kind: "ClusterRole", Name: GrantMarks.Role or GrantMarks.NodeRole };
            await SweepOneAsync(
                "rolebinding",
                binding.Metadata,
                grants,
                token => objects.EnsureNoBindingAsync(binding.Metadata, token),
                async token => (await objects.FindBindingAsync(binding.Metadata.NamespaceProperty, binding.Metadata.Name, token))?.Metadata,
                tally,
                cancellationToken);
        }

        foreach (var account in await ListAccountsAsync(space, cancellationToken))
        {
            await SweepOneAsync(
                "serviceaccount",
                account.Metadata,
                grants: false,
                token => objects.EnsureNoAccountAsync(account.Metadata, token),
                async token => (await objects.FindAccountAsync(account.Metadata.NamespaceProperty, account.Metadata.Name, token))?.Metadata,
                tally,
                cancellationToken);
        }
    }

    private async Task SweepOneAsync(
        string kind,
        V1ObjectMeta meta,
        bool grants,
        Func<CancellationToken, Task> delete,
        Func<CancellationToken, Task<V1ObjectMeta?>> find,
        SweepTally tally,
        CancellationToken cancellationToken)
    {
        // CaptureFlow's own account may carry the managed-by label too; only a capture id makes it a grant.
        if (!CaptureIds.IsValid(meta.Name) || !GrantMarks.IsOf(meta, meta.Name))
        {
            return;
        }

        if (grants)
        {
            tally.Bound(meta);
        }

        if (Believed(meta) is not { } expiresAt)
        {
            tally.Fault(Unmarked(kind, meta));
            return;
        }

        if (expiresAt > tally.At)
        {
            // Whoever may make accounts can give one any mark; only the binding to a capture's own role is a permission.
            if (grants)
            {
                tally.Live(meta, expiresAt);
            }

            return;
        }

        if (!tally.TakesBack)
        {
            tally.Found(kind, meta, expiresAt, null);
            return;
        }

        var detail = await TryRemoveAsync(meta, delete, find, cancellationToken);
        tally.Found(kind, meta, expiresAt, detail);
        logger.Swept(kind, meta.NamespaceProperty, meta.Name, detail ?? "removed");
    }

    // Its annotation, and not beyond what any capture is granted, counted from when the server says that it was made.
    private static DateTimeOffset? Believed(V1ObjectMeta meta) =>
        GrantMarks.ExpiresAt(meta) is not { } annotated ? null
        : meta.CreationTimestamp is { } made && new DateTimeOffset(made.ToUniversalTime()) + Planning.LongestGrant is var latest && latest < annotated ? latest
        : annotated;

    // Null when its absence was seen.
    private async Task<string?> TryRemoveAsync(
        V1ObjectMeta meta, Func<CancellationToken, Task> delete, Func<CancellationToken, Task<V1ObjectMeta?>> find, CancellationToken cancellationToken)
    {
        try
        {
            await delete(cancellationToken);
            var deadline = time.GetUtcNow() + GoneWithin;
            while (await find(cancellationToken) is { } found && found.Uid == meta.Uid)
            {
                if (time.GetUtcNow() > deadline)
                {
                    return "deleted, and still there";
                }

                await calls.PauseAsync(Poll, cancellationToken);
            }

            return null;
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            return e.Message;
        }
    }

    private async Task<IList<V1RoleBinding>> ListBindingsAsync(string? space, CancellationToken cancellationToken)
    {
        var rbac = connection.Own.RbacAuthorizationV1;
        var list = await calls.AskAsync(
            "list rolebindings",
            token => space is null
                ? rbac.ListRoleBindingForAllNamespacesAsync(labelSelector: GrantMarks.Selector, cancellationToken: token)
                : rbac.ListNamespacedRoleBindingAsync(space, labelSelector: GrantMarks.Selector, cancellationToken: token),
            cancellationToken);
        return list.Items;
    }

    private async Task<IList<V1ServiceAccount>> ListAccountsAsync(string? space, CancellationToken cancellationToken)
    {
        var core = connection.Own.CoreV1;
        var list = await calls.AskAsync(
            "list serviceaccounts",
            token => space is null
                ? core.ListServiceAccountForAllNamespacesAsync(labelSelector: GrantMarks.Selector, cancellationToken: token)
                : core.ListNamespacedServiceAccountAsync(space, labelSelector: GrantMarks.Selector, cancellationToken: token),
            cancellationToken);
        return list.Items;
    }

    /// <summary>The fault of a place that could not be looked at.</summary>
    public CaptureFault CannotLook(string? space, Exception e)
    {
        var refused = e is ClusterRefusalException refusal ? ClusterErrors.ToFault(refusal) : null;
        return new(
            refused?.Code ?? FaultCodes.ClusterUnavailable,
            $"The sweep could not look at {(space is null ? "all namespaces" : $"namespace '{space}'")} of cluster '{scope.Cluster.Name}'.",
            refused?.Remedy ?? "Check that its API server answers; the next sweep tries again.",
            Detail: e.Message);
    }

    private CaptureFault Unmarked(string kind, V1ObjectMeta meta) => new(
        FaultCodes.StepFailed,
        $"The {kind} {meta.NamespaceProperty}/{meta.Name} of cluster '{scope.Cluster.Name}' carries CaptureFlow's labels but no readable {GrantMarks.ExpiresAtAnnotation}; it is left alone.",
        $"If no capture uses it: kubectl -n {meta.NamespaceProperty} delete {kind} {meta.Name}.");
}
