using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The grants of captures on nodes, in CaptureFlow's own namespace: taken back with those in pods' namespaces, before any tap.</summary>
internal sealed class NodeGrantSweep(
    ClusterConnection connection, AccessReviews reviews, GrantSweep grants, IOptions<NodeOptions> options, IOptions<CapturePolicy> policy)
{
    public string Namespace => options.Value.Namespace;

    /// <summary>Whether there may be captures on nodes: without the rights for them there never was one.</summary>
    public async Task<bool> MayBeAsync(CancellationToken cancellationToken) =>
        (await reviews.MissingAsync(connection.Own, Namespace, [NodePodSweep.Need, NodeRights.BindRole], cancellationToken)).Count == 0;

    /// <summary>Nothing to be done where all namespaces, or this one, are looked at anyway.</summary>
    public async Task<bool> SweepAsync(SweepTally tally, CancellationToken cancellationToken)
    {
        if (policy.Value.Namespaces.Count == 0 || policy.Value.Namespaces.Contains(Namespace) || !await MayBeAsync(cancellationToken))
        {
            return false;
        }

        await grants.SweepAsync(Namespace, tally, cancellationToken);
        return true;
    }
}
