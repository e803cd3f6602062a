using CaptureFlow.Orchestrations;
using k8s.Models;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Ends the tap, takes the permission back, and has the proof asked for. May be repeated after a crash at any point.</summary>
internal sealed class Revoking(
    GrantObjects objects,
    Granting granting,
    CaptureTokens tokens,
    TapRelease release,
    NodePodRemoval removal,
    RevocationQuestions questions,
    ILogger<Revoking> logger)
{
    // Longer than a kubelet takes to report an end; shorter than anybody would wait.
    private static readonly TimeSpan OwnEnd = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FreshGrant = TimeSpan.FromMinutes(2);

    public async Task<RevocationProof> EnsureAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var order = plan.Order;
        var (account, binding) = await FindGrantAsync(order, cancellationToken);
        var pod = await release.FindPodAsync(order.Target, cancellationToken);
        ITapEnding ending = plan.Place is null ? release : removal;
        if (ending.IsNeeded(pod, plan))
        {
            (account, binding) = await EndTapAsync(order, CaptureRole.Of(plan), ending, account, binding, cancellationToken);
        }

        // Never used before the account is gone: an API server remembers for 10 s that it accepted a token.
        var witness = account is null ? null : await TryMintAsync(order, cancellationToken);
        if (binding is not null)
        {
            await objects.EnsureNoBindingAsync(binding.Metadata, cancellationToken);
        }

        if (account is not null)
        {
            await objects.EnsureNoAccountAsync(account.Metadata, cancellationToken);
        }

        var proof = await questions.AskAsync(plan, witness, cancellationToken);
        logger.Revoked(order.CaptureId, proof.Proven);
        return proof;
    }

    private async Task<(V1ServiceAccount? Account, V1RoleBinding? Binding)> EndTapAsync(
        CaptureOrder order, CaptureRole role, ITapEnding ending, V1ServiceAccount? account, V1RoleBinding? binding, CancellationToken cancellationToken)
    {
        if (account is null || binding is null)
        {
            // An earlier run took the permission back, and the container has most likely heard of its release.
            if (await ending.WaitEndedAsync(order, OwnEnd, cancellationToken))
            {
                return (account, binding);
            }

            var fresh = await granting.EnsureAsync(order, role, FreshGrant, cancellationToken);
            (account, binding) = await FindGrantAsync(order, cancellationToken);
            if (!fresh.Succeeded)
            {
                logger.NotReleased(order.CaptureId, fresh.Faults[0].Message);
                return (account, binding);
            }
        }

        await ending.TryEndAsync(order, cancellationToken);
        return (account, binding);
    }

    // What carries the name but not the marks is not this capture's, and stays.
    private async Task<(V1ServiceAccount? Account, V1RoleBinding? Binding)> FindGrantAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var account = objects.FindAccountAsync(order.Target.Namespace, order.CaptureId, cancellationToken);
        var binding = await objects.FindBindingAsync(order.Target.Namespace, order.CaptureId, cancellationToken);
        return (
            await account is { } a && GrantMarks.IsOf(a.Metadata, order.CaptureId) ? a : null,
            binding is not null && GrantMarks.IsOf(binding.Metadata, order.CaptureId) ? binding : null);
    }

    private async Task<string?> TryMintAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return await tokens.MintWitnessAsync(order.Target.Namespace, order.CaptureId, cancellationToken);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 404 or 409)
        {
            return null;
        }
    }
}
