using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Makes the temporary permission: one account in CaptureFlow's own namespace and one binding in the target's, both named by the capture id.</summary>
internal sealed class Granting(
    ClusterConnection connection, ClusterCalls calls, CaptureTokens tokens, AccessReviews reviews, ClusterClock clock, TimeProvider time, ILogger<Granting> logger)
{
    private static readonly TimeSpan EffectiveWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Made or found as it was made; effective when this returns a value.</summary>
    /// <param name="order">Whose permission; its target's namespace gets the binding.</param>
    /// <param name="accounts">The namespace of the account.</param>
    /// <param name="role">What it is bound to.</param>
    /// <param name="lifetime">From now on, by the server's clock.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task<StepResult<Grant>> EnsureAsync(
        CaptureOrder order, string accounts, CaptureRole role, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await EnsureClockAsync(order, accounts, cancellationToken);
        var expiresAt = clock.Now + lifetime;
        var (account, words) = await EnsureAccountAsync(order, accounts, expiresAt, cancellationToken);
        if (account is null)
        {
            return StepResult.Fault<Grant>(Taken("serviceaccount", order.CaptureId, accounts, words));
        }

        (var binding, words) = await EnsureBindingAsync(order, accounts, role, expiresAt, cancellationToken);
        if (binding is null || GrantMarks.ExpiresAt(binding.Metadata) is not { } expires)
        {
            return StepResult.Fault<Grant>(Taken("rolebinding", order.CaptureId, order.Target.Namespace, words));
        }

        var missing = await WaitEffectiveAsync(order, accounts, role, cancellationToken);
        if (missing.Count > 0)
        {
            return StepResult.Fault<Grant>(new CaptureFault(
                FaultCodes.GrantNotEffective,
                $"The grant is not effective after {EffectiveWithin.TotalSeconds:0} s.",
                $"kubectl apply -k {role.Manifests}: the ClusterRole {role.Name} must exist with all its rules.",
                Detail: $"The capture's account may not: {string.Join(", ", missing)}."));
        }

        logger.Granted(order.CaptureId, role.Name, order.Target.Namespace, expires);
        var made = binding.Metadata.CreationTimestamp is { } at ? new DateTimeOffset(at.ToUniversalTime()) : clock.Now;
        return StepResult.Of(new Grant(
            order.Target.Namespace, order.CaptureId, account.Metadata.Uid, binding.Metadata.Uid, role.Name, made, expires)
        {
            AccountNamespace = accounts == order.Target.Namespace ? null : accounts,
            ClusterAhead = clock.Ahead == TimeSpan.Zero ? null : TimeSpan.FromSeconds(Math.Round(clock.Ahead.TotalSeconds)),
        });
    }

    // The expiry is written before the server has answered anything: a host that has just started asks something first.
    private async Task EnsureClockAsync(CaptureOrder order, string accounts, CancellationToken cancellationToken)
    {
        if (!clock.IsKnown)
        {
            await calls.TryFindAsync(
                "get serviceaccounts",
                token => connection.Own.CoreV1.ReadNamespacedServiceAccountAsync(order.CaptureId, accounts, cancellationToken: token),
                cancellationToken);
        }
    }

    // What there is of the name, when it is this capture's own; and the server's words when it was there before.
    private async Task<(V1ServiceAccount? Found, string? Words)> EnsureAccountAsync(
        CaptureOrder order, string accounts, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var wanted = new V1ServiceAccount { Metadata = GrantMarks.OfAccount(order, accounts, expiresAt), AutomountServiceAccountToken = false };
        var core = connection.Own.CoreV1;
        var (found, words) = await CreateOrReadAsync(
            "serviceaccounts",
            token => core.CreateNamespacedServiceAccountAsync(wanted, accounts, cancellationToken: token),
            token => core.ReadNamespacedServiceAccountAsync(order.CaptureId, accounts, cancellationToken: token),
            cancellationToken);
        return (GrantMarks.IsOf(found.Metadata, order.CaptureId) ? found : null, words);
    }

    private async Task<(V1RoleBinding? Found, string? Words)> EnsureBindingAsync(
        CaptureOrder order, string accounts, CaptureRole role, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var wanted = new V1RoleBinding
        {
            Metadata = GrantMarks.Of(order, expiresAt),
            RoleRef = new() { ApiGroup = GrantMarks.RbacGroup, Kind = "ClusterRole", Name = role.Name },
            Subjects = [new() { Kind = "ServiceAccount", Name = order.CaptureId, NamespaceProperty = accounts }],
        };
        var rbac = connection.Own.RbacAuthorizationV1;
        var (found, words) = await CreateOrReadAsync(
            "rolebindings",
            token => rbac.CreateNamespacedRoleBindingAsync(wanted, order.Target.Namespace, cancellationToken: token),
            token => rbac.ReadNamespacedRoleBindingAsync(order.CaptureId, order.Target.Namespace, cancellationToken: token),
            cancellationToken);
        var own = GrantMarks.IsOf(found.Metadata, order.CaptureId)
            && found.RoleRef is { Kind: "ClusterRole" } && found.RoleRef.Name == role.Name
            && found.Subjects is [{ Kind: "ServiceAccount" } subject]
            && subject.Name == order.CaptureId && subject.NamespaceProperty == accounts;
        return (own ? found : null, words);
    }

    private async Task<(T Found, string? Words)> CreateOrReadAsync<T>(
        string what, Func<CancellationToken, Task<T>> create, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return (await calls.AskAsync($"create {what}", create, cancellationToken), null);
        }
        catch (ClusterRefusalException refusal) when (refusal.IsAlreadyThere)
        {
            return (await calls.AskAsync($"get {what}", read, cancellationToken), refusal.Message);
        }
    }

    private async Task<IReadOnlyList<Right>> WaitEffectiveAsync(
        CaptureOrder order, string accounts, CaptureRole role, CancellationToken cancellationToken)
    {
        using var granted = await tokens.OpenAsync(accounts, order.CaptureId, cancellationToken);
        var deadline = time.GetUtcNow() + EffectiveWithin;
        var pause = FirstPoll;
        while (true)
        {
            var missing = await TryAskAsync(granted, order, role, cancellationToken);
            if (missing.Count == 0 || time.GetUtcNow() + pause > deadline)
            {
                return missing;
            }

            await calls.PauseAsync(pause, cancellationToken);
            pause = pause * 2 < LongestPoll ? pause * 2 : LongestPoll;
        }
    }

    private async Task<IReadOnlyList<Right>> TryAskAsync(
        IKubernetes granted, CaptureOrder order, CaptureRole role, CancellationToken cancellationToken)
    {
        try
        {
            return await reviews.MissingAsync(granted, order.Target.Namespace, role.Rights, cancellationToken);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status == 401)
        {
            // The API server has not heard of its own new account yet.
            return role.Rights;
        }
    }

    private static CaptureFault Taken(string kind, string name, string @namespace, string? words) => new(
        FaultCodes.NameTaken,
        $"A {kind} named {name} exists in {@namespace} and is not what this capture makes.",
        $"Look at it: kubectl -n {@namespace} get {kind} {name} -o yaml; delete it if it is nobody's, or order again.",
        Detail: words);
}
