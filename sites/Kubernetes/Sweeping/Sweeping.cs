using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Takes back what is past its expiry, from labels, annotations and pod specifications alone: it works when nobody remembers the captures.
/// Live grants are listed only; what does not carry CaptureFlow's marks is not even looked at. All grants come before the first tap: a right is
/// taken back by the API server alone, a tap only with the help of its node.
/// </summary>
internal sealed class Sweeping(
    ClusterScope scope,
    AccountHome home,
    GrantSweep grants,
    ContainerSweep containers,
    NodeGrantSweep nodes,
    IOptions<CapturePolicy> policy,
    ClusterClock clock,
    TimeProvider time)
{
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(3);

    private int _turn;

    public async Task<SweepReport> SweepAsync(bool takeBack, CancellationToken cancellationToken)
    {
        using var cap = new CancellationTokenSource(Cap, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        var tally = new SweepTally(scope.Cluster.Name, () => clock.Now, takeBack);
        // Null stands for all namespaces.
        IReadOnlyList<string?> spaces = policy.Value.Namespaces.Count > 0 ? [.. TapTurns.Rotate<string?>([.. policy.Value.Namespaces], _turn++)] : [null];
        var looked = await SweepGrantsAsync(spaces, tally, either.Token, cancellationToken);
        List<OverdueTap> taps = [];
        foreach (var space in looked)
        {
            await TryLookAsync(space, tally, async token => { taps.AddRange(await containers.FindAsync(space, tally, token)); return true; }, either.Token, cancellationToken);
        }

        await EndAsync(taps, tally, either.Token, cancellationToken);
        return tally.ToReport();
    }

    // The namespaces that could be looked at; what is wrong with the others has been said.
    private async Task<IReadOnlyList<string?>> SweepGrantsAsync(IReadOnlyList<string?> spaces, SweepTally tally, CancellationToken capped, CancellationToken cancellationToken)
    {
        List<string?> looked = [];
        var listed = true;
        foreach (var space in spaces)
        {
            if (capped.IsCancellationRequested)
            {
                break;
            }

            var accounts = await TryLookAsync(space, tally, token => SweepSpaceAsync(space, tally, token), capped, cancellationToken);
            looked.AddRange(accounts is null ? [] : [space]);
            listed = listed && accounts != false;
        }

        // Where nothing could be looked at, that has been said.
        if (looked.Count > 0 && home.Own is { } own && !policy.Value.Namespaces.Contains(own) && !(listed && policy.Value.Namespaces.Count == 0))
        {
            await TryLookAsync(own, tally, token => SweepHomeAsync(own, needed: !listed, tally, token), capped, cancellationToken);
        }

        if (looked.Count > 0)
        {
            await TryLookAsync(nodes.Namespace, tally, token => nodes.SweepAsync(tally, token), capped, cancellationToken);
        }

        return looked;
    }

    private async Task EndAsync(List<OverdueTap> taps, SweepTally tally, CancellationToken capped, CancellationToken cancellationToken)
    {
        try
        {
            await containers.EndAsync(taps, tally, capped);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Fault(new(
                FaultCodes.ClusterUnavailable,
                $"The sweep of cluster '{scope.Cluster.Name}' did not come to all of its {taps.Count} overdue taps within {Cap.TotalMinutes:0} minutes.",
                "The next sweep begins with another one of them."));
        }
        catch (StepUnavailableException away)
        {
            tally.Fault(CannotLook(null, away));
        }
    }

    // Whether the accounts there were looked at; null when nothing could be.
    private async Task<bool?> TryLookAsync(
        string? space, SweepTally tally, Func<CancellationToken, Task<bool>> look, CancellationToken capped, CancellationToken cancellationToken)
    {
        try
        {
            return await look(capped);
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            tally.Fault(CannotLook(space, e));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            tally.Fault(CannotLook(space, new TimeoutException($"not done after {Cap.TotalMinutes:0} minutes")));
        }

        return null;
    }

    private async Task<bool> SweepSpaceAsync(string? space, SweepTally tally, CancellationToken cancellationToken)
    {
        await grants.SweepBindingsAsync(space, tally, cancellationToken);

        // Those of earlier versions, and of a CaptureFlow without a namespace of its own; where it may not list accounts, it makes none.
        var accounts = await grants.MayListAccountsAsync(space, cancellationToken);
        if (accounts)
        {
            await grants.SweepAccountsAsync(space, tally, cancellationToken);
        }

        return accounts;
    }

    // Where it keeps accounts nowhere else, it is told that it may not look; where it does, the namespace may be somebody else's.
    private async Task<bool> SweepHomeAsync(string own, bool needed, SweepTally tally, CancellationToken cancellationToken)
    {
        if (!needed && !await grants.MayListAccountsAsync(own, cancellationToken))
        {
            return false;
        }

        var allowed = policy.Value.Namespaces;
        await grants.SweepAccountsAsync(own, tally, cancellationToken, allowed.Count > 0 ? [.. allowed] : null);
        return true;
    }

    /// <summary>The fault of a place that could not be looked at.</summary>
    public CaptureFault CannotLook(string? space, Exception e)
    {
        var refused = e is ClusterRefusalException refusal ? ClusterErrors.ToFault(refusal) : null;
        return new(
            refused?.Code ?? FaultCodes.ClusterUnavailable,
            $"The sweep could not look at {(space is null ? "all namespaces" : $"namespace '{space}'")} of cluster '{scope.Cluster.Name}'.",
            refused is null ? "Check that its API server answers; the next sweep tries again."
                : space is null ? $"Where CaptureFlow is installed in some namespaces, list them in {CapturePolicy.Section}:{nameof(CapturePolicy.Namespaces)}: an empty list means all. {refused.Remedy}"
                : refused.Remedy,
            Detail: e.Message);
    }
}
