using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Makes the temporary permission: one account and one binding, both named by the capture id.</summary>
internal sealed class Granting(
    ClusterConnection connection, ClusterCalls calls, CaptureTokens tokens, AccessReviews reviews, ClusterClock clock, TimeProvider time, ILogger<Granting> logger)
{
    private static readonly TimeSpan EffectiveWithin = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan FirstPoll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>Made or found as it was made; effective when this returns a value.</summary>
    public async Task<StepResult<Grant>> EnsureAsync(CaptureOrder order, CaptureRole role, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        await EnsureClockAsync(order, cancellationToken);
        var expiresAt = clock.Now + lifetime;
        var account = await EnsureAccountAsync(order, expiresAt, cancellationToken);
        if (account is null)
        {
            return StepResult.Fault<Grant>(Taken("serviceaccount", order));
        }

        var binding = await EnsureBindingAsync(order, role, expiresAt, cancellationToken);
        if (binding is null || GrantMarks.ExpiresAt(binding.Metadata) is not { } expires)
        {
            return StepResult.Fault<Grant>(Taken("rolebinding", order));
        }

        var missing = await WaitEffectiveAsync(order, role, cancellationToken);
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
            ClusterAhead = clock.Ahead == TimeSpan.Zero ? null : TimeSpan.FromSeconds(Math.Round(clock.Ahead.TotalSeconds)),
        });
    }

    // The expiry is written before the server has answered anything: a host that has just started asks something first.
    private async Task EnsureClockAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        if (!clock.IsKnown)
        {
            await calls.TryFindAsync(
                "get serviceaccounts",
                token => connection.Own.CoreV1.ReadNamespacedServiceAccountAsync(order.CaptureId, order.Target.Namespace, cancellationToken: token),
                cancellationToken);
        }
    }

    private async Task<V1ServiceAccount?> EnsureAccountAsync(CaptureOrder order, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var wanted = new V1ServiceAccount { Metadata = GrantMarks.Of(order, expiresAt), AutomountServiceAccountToken = false };
        var core = connection.Own.CoreV1;
        var found = await CreateOrReadAsync(
            "serviceaccounts",
            token => core.CreateNamespacedServiceAccountAsync(wanted, order.Target.Namespace, cancellationToken: token),
            token => core.ReadNamespacedServiceAccountAsync(order.CaptureId, order.Target.Namespace, cancellationToken: token),
            cancellationToken);
        return GrantMarks.IsOf(found.Metadata, order.CaptureId) ? found : null;
    }

    private async Task<V1RoleBinding?> EnsureBindingAsync(
        CaptureOrder order, CaptureRole role, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var wanted = new V1RoleBinding
        {
            Metadata = GrantMarks.Of(order, expiresAt),
            RoleRef = new() { ApiGroup = GrantMarks.RbacGroup, Kind = "ClusterRole", Name = role.Name },
            Subjects = [new() { Kind = "ServiceAccount", Name = order.CaptureId, NamespaceProperty = order.Target.Namespace }],
        };
        var rbac = connection.Own.RbacAuthorizationV1;
        var found = await CreateOrReadAsync(
            "rolebindings",
            token => rbac.CreateNamespacedRoleBindingAsync(wanted, order.Target.Namespace, cancellationToken: token),
            token => rbac.ReadNamespacedRoleBindingAsync(order.CaptureId, order.Target.Namespace, cancellationToken: token),
            cancellationToken);
        return GrantMarks.IsOf(found.Metadata, order.CaptureId)
            && found.RoleRef is { Kind: "ClusterRole" } && found.RoleRef.Name == role.Name
            && found.Subjects is [{ Kind: "ServiceAccount" } subject]
            && subject.Name == order.CaptureId && subject.NamespaceProperty == order.Target.Namespace
            ? found
            : null;
    }

    private async Task<T> CreateOrReadAsync<T>(
        string what, Func<CancellationToken, Task<T>> create, Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            return await calls.AskAsync($"create {what}", create, cancellationToken);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status == 409)
        {
            return await calls.AskAsync($"get {what}", read, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<Right>> WaitEffectiveAsync(CaptureOrder order, CaptureRole role, CancellationToken cancellationToken)
    {
        using var granted = await tokens.OpenAsync(order.Target.Namespace, order.CaptureId, cancellationToken);
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

    private static CaptureFault Taken(string kind, CaptureOrder order) => new(
        FaultCodes.NameTaken,
        $"A {kind} named {order.CaptureId} exists in {order.Target.Namespace} and is not what this capture makes.",
        $"Look at it: kubectl -n {order.Target.Namespace} get {kind} {order.CaptureId} -o yaml; delete it if it is nobody's, or order again.");
}
