using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Takes back bindings and accounts that are past their expiry, from labels and annotations alone. What does not carry CaptureFlow's marks is not even looked at.</summary>
internal sealed class GrantSweep(
    ClusterScope scope,
    ClusterConnection connection,
    ClusterCalls calls,
    AccessReviews reviews,
    GrantObjects objects,
    TimeProvider time,
    ILogger<GrantSweep> logger)
{
    /// <summary>What CaptureFlow's own identity needs for it, beside what a capture needs and <see cref="ContainerSweep.Needs"/>.</summary>
    public static readonly IReadOnlyList<Right> Needs = [new("list", "rolebindings", Group: GrantMarks.RbacGroup)];

    /// <summary>The same where accounts live.</summary>
    public static readonly Right NeedOfAccounts = new("list", "serviceaccounts");

    private static readonly TimeSpan GoneWithin = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    /// <summary>Takes back the expired grants of one namespace, or with null of all: bindings first, which are the permission; an account alone can do nothing.</summary>
    public async Task SweepAsync(string? space, SweepTally tally, CancellationToken cancellationToken)
    {
        await SweepBindingsAsync(space, tally, cancellationToken);
        await SweepAccountsAsync(space, tally, cancellationToken);
    }

    /// <summary>Whether CaptureFlow's own identity may list the accounts there.</summary>
    public async Task<bool> MayListAccountsAsync(string? space, CancellationToken cancellationToken) =>
        (await reviews.MissingAsync(connection.Own, space ?? string.Empty, [NeedOfAccounts], cancellationToken)).Count == 0;

    /// <summary>The bindings of one namespace, or with null of all.</summary>
    public async Task SweepBindingsAsync(string? space, SweepTally tally, CancellationToken cancellationToken)
    {
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
    }

    /// <summary>The accounts of one namespace, or with null of all; where targets are named, only those whose binding is in one of them.</summary>
    public async Task SweepAccountsAsync(string? space, SweepTally tally, CancellationToken cancellationToken, IReadOnlyCollection<string>? targets = null)
    {
        var accounts = await ListAccountsAsync(space, cancellationToken);
        foreach (var account in accounts.Where(it => targets is null || (GrantMarks.TargetNamespace(it.Metadata) is { } target && targets.Contains(target))))
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

        var claimed = GrantMarks.ExpiresAt(meta) is { } annotated && annotated > expiresAt ? annotated : (DateTimeOffset?)null;
        if (claimed is { } beyond && tally.TakesBack)
        {
            logger.BeyondCeiling(kind, meta.NamespaceProperty, meta.Name, beyond, (beyond - expiresAt).TotalDays, expiresAt);
        }

        if (expiresAt > tally.At)
        {
            // Whoever may make accounts can give one any mark; only the binding to a capture's own role is a permission.
            if (grants)
            {
                tally.Live(meta, expiresAt, claimed);
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

    private CaptureFault Unmarked(string kind, V1ObjectMeta meta) => new(
        FaultCodes.StepFailed,
        $"The {kind} {meta.NamespaceProperty}/{meta.Name} of cluster '{scope.Cluster.Name}' carries CaptureFlow's labels but no readable {GrantMarks.ExpiresAtAnnotation}; it is left alone.",
        $"If no capture uses it: kubectl -n {meta.NamespaceProperty} delete {kind} {meta.Name}.");
}
