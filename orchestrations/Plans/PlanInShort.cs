namespace CaptureFlow.Orchestrations;

/// <summary>What of a plan is needed to take its grant back, small enough for a status: whoever has to revoke may have nothing but that.</summary>
/// <param name="Site">As in <see cref="CapturePlan"/>.</param>
/// <param name="PodUid">As in <see cref="CapturePlan"/>.</param>
/// <param name="Node">As in <see cref="CapturePlan"/>.</param>
/// <param name="Image">As in <see cref="CapturePlan"/>.</param>
/// <param name="Place">As in <see cref="CapturePlan"/>.</param>
public sealed record PlanInShort(string Site, string PodUid, string Node, string Image, NodePlace? Place)
{
    /// <summary>As in <see cref="CapturePlan"/>: whoever looks for the account elsewhere proves nothing.</summary>
    public string? AccountNamespace { get; init; }

    public static PlanInShort Of(CapturePlan plan) => new(plan.Site, plan.PodUid, plan.Node, plan.Image, plan.Place) { AccountNamespace = plan.AccountNamespace };

    /// <summary>A plan that suffices to revoke, and for nothing else.</summary>
    public CapturePlan For(CaptureOrder order) => new(order, Site, PodUid, Node, Image, [], null, 0, TimeSpan.Zero, string.Empty, [], order.RequestedAt, Place: Place)
    {
        AccountNamespace = AccountNamespace,
    };
}
