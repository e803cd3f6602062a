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
    private const string GoneBefore = "no token can be minted for an account that was gone before; its tokens died with it";

    // Longer than a kubelet takes to report an end; shorter than anybody would wait.
    private static readonly TimeSpan OwnEnd = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FreshGrant = TimeSpan.FromMinutes(2);

    public async Task<RevocationProof> EnsureAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var order = plan.Order;
        var attempts = new Attempts();
        var (account, binding) = await FindGrantAsync(plan, attempts, cancellationToken);
        var looked = attempts.AllWell;
        (account, binding) = await attempts.TryAsync(() => EndTapAsync(plan, account, binding, looked, cancellationToken), (account, binding));

        // Never used before the account is gone: an API server remembers for 10 s that it accepted a token.
        var witness = account is null ? Witness.None(GoneBefore) : await MintAsync(plan, cancellationToken);

        // The account goes first, whatever becomes of the binding: its tokens die with it, and a binding without an account allows nobody anything.
        if (account is not null)
        {
            await attempts.TryAsync(() => objects.EnsureNoAccountAsync(account.Metadata, cancellationToken));
        }

        if (binding is not null)
        {
            await attempts.TryAsync(() => objects.EnsureNoBindingAsync(binding.Metadata, cancellationToken));
        }

        attempts.ThrowFirst();
        var proof = await questions.AskAsync(plan, witness, cancellationToken);
        logger.Revoked(order.CaptureId, proof.Proven);
        return proof;
    }

    private async Task<(V1ServiceAccount? Account, V1RoleBinding? Binding)> EndTapAsync(
        CapturePlan plan, V1ServiceAccount? account, V1RoleBinding? binding, bool looked, CancellationToken cancellationToken)
    {
        var order = plan.Order;
        ITapEnding ending = plan.Place is null ? release : removal;
        if (!ending.IsNeeded(await release.FindPodAsync(order.Target, cancellationToken), plan))
        {
            return (account, binding);
        }

        // A grant that could not be looked for is not taken for one that is missing, and made anew; most likely it is there.
        if (looked && (account is null || binding is null))
        {
            // An earlier run took the permission back, and the container has most likely heard of its release. Another permission
            // that would change nothing is not made: the next run comes back to it.
            if (await ending.WaitEndedAsync(order, OwnEnd, cancellationToken)
                || !ending.CanHear(await release.FindPodAsync(order.Target, cancellationToken), plan))
            {
                return (account, binding);
            }

            var fresh = await granting.EnsureAsync(order, AccountHome.Of(plan), CaptureRole.Of(plan), FreshGrant, cancellationToken);
            var attempts = new Attempts();
            (account, binding) = await FindGrantAsync(plan, attempts, cancellationToken);
            attempts.ThrowFirst();
            if (!fresh.Succeeded)
            {
                logger.NotReleased(order.CaptureId, fresh.Faults[0].Message);
                return (account, binding);
            }
        }

        await ending.TryEndAsync(order, AccountHome.Of(plan), cancellationToken);
        return (account, binding);
    }

    // What carries the name but not the marks is not this capture's, and stays.
    private async Task<(V1ServiceAccount? Account, V1RoleBinding? Binding)> FindGrantAsync(CapturePlan plan, Attempts attempts, CancellationToken cancellationToken)
    {
        var order = plan.Order;
        var account = attempts.TryAsync(() => objects.FindAccountAsync(AccountHome.Of(plan), order.CaptureId, cancellationToken), null);
        var binding = await attempts.TryAsync(() => objects.FindBindingAsync(order.Target.Namespace, order.CaptureId, cancellationToken), null);
        return (
            await account is { } a && GrantMarks.IsOf(a.Metadata, order.CaptureId) ? a : null,
            binding is not null && GrantMarks.IsOf(binding.Metadata, order.CaptureId) ? binding : null);
    }

    // Without a witness there is one answer less; with a grant that stays for want of a witness there would be no answer at all.
    private async Task<Witness> MintAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return new Witness(await tokens.MintWitnessAsync(AccountHome.Of(plan), plan.Order.CaptureId, cancellationToken), "");
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 404 or 409)
        {
            return Witness.None(GoneBefore);
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            return Witness.None($"no token to ask with could be minted ({e.Message}); an account's tokens die with it");
        }
    }
}
