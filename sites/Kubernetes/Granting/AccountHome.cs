using CaptureFlow.Orchestrations;
using k8s;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Finds the namespace for a capture's account. Whoever may create pods in it can run one under the account and use its rights, so it is CaptureFlow's
/// own; the target's only where CaptureFlow has none.
/// </summary>
internal sealed class AccountHome(ClusterConnection connection, ClusterCalls calls, AccessReviews reviews, IOptions<ClusterOptions> options)
{
    /// <summary>As infra/kubernetes makes it.</summary>
    public const string Default = "captureflow";

    /// <summary>CaptureFlow's own namespace; null where the settings say that it has none.</summary>
    public string? Own => options.Value.AccountNamespace switch
    {
        null => Default,
        "" => null,
        var named => named,
    };

    /// <summary>Of a plan or grant from before accounts had a namespace of their own, it is the target's.</summary>
    public static string Of(CapturePlan plan) => plan.AccountNamespace ?? plan.Order.Target.Namespace;

    public static string Of(Grant grant) => grant.AccountNamespace ?? grant.Namespace;

    /// <summary>Where a new account for a capture in <paramref name="target"/> is made, and what is missing for it.</summary>
    public async Task<AccountPlace> FindAsync(string target, CancellationToken cancellationToken)
    {
        if (Own is not { } own || own == target)
        {
            return new(target, await MissingAsync(target, cancellationToken));
        }

        var missing = await MissingAsync(own, cancellationToken);
        if (options.Value.AccountNamespace is not null || (missing.Count == 0 && await ExistsAsync(own, cancellationToken)))
        {
            return new(own, missing);
        }

        // Where both lack something, it is said of the one that lacks less: an administrator of the target's namespace may do most of it there.
        var inTarget = await MissingAsync(target, cancellationToken);
        return missing.Count > 0 && inTarget.Count >= missing.Count ? new(own, missing) : new(target, inTarget);
    }

    private Task<IReadOnlyList<Right>> MissingAsync(string @namespace, CancellationToken cancellationToken) =>
        reviews.MissingAsync(connection.Own, @namespace, Right.OfAccounts, cancellationToken);

    // An administrator may do everything also in a namespace that is not there. Every namespace has an account of this name, and to read it takes no further right.
    private async Task<bool> ExistsAsync(string @namespace, CancellationToken cancellationToken) => await calls.TryFindAsync(
        "get serviceaccounts",
        token => connection.Own.CoreV1.ReadNamespacedServiceAccountAsync("default", @namespace, cancellationToken: token),
        cancellationToken) is not null;
}
