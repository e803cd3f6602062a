namespace CaptureFlow.Orchestrations;

/// <summary>What a capture takes of the quotas that are configured. Pure.</summary>
public static class QuotaRules
{
    /// <summary>A fleet's rights live about as long as its window; image pulls, retrieval and the revoke come on top.</summary>
    private static readonly TimeSpan FleetSlack = TimeSpan.FromHours(1);

    /// <summary>Null when no quota concerns it: then it asks nobody.</summary>
    public static AdmissionTerms? For(CapturePlan plan, CaptureQuotas quotas) => Terms(
        plan.Order.RequesterId ?? plan.Order.RequestedBy,
        plan.Order.Target.Cluster,
        plan.Order.Target.Namespace,
        new Dictionary<string, int> { [plan.Node] = 1 },
        plan.Order.Window,
        plan.ByteBound,
        plan.GrantLifetime,
        quotas);

    /// <summary>A fleet is let in as a whole: its pods share one window.</summary>
    public static AdmissionTerms? For(FleetOrder order, FleetPlan plan, CaptureQuotas quotas) => Terms(
        order.RequesterId ?? order.RequestedBy,
        order.Target.Cluster,
        order.Target.Namespace,
        plan.Nodes ?? new Dictionary<string, int> { [""] = plan.Members.Count },
        order.Window,
        order.Window.ByteBound,
        order.Window.Duration + FleetOrder.StartAllowance + FleetSlack,
        quotas);

    private static AdmissionTerms? Terms(
        string caller,
        string? cluster,
        string @namespace,
        IReadOnlyDictionary<string, int> nodes,
        CaptureWindow window,
        long bytes,
        TimeSpan lifetime,
        CaptureQuotas quotas)
    {
        var prefix = cluster is null ? "" : $"{cluster}/";
        var pods = nodes.Values.Sum();
        List<QuotaClaim> claims = [];
        Add(QuotaScope.Caller, caller, pods, quotas.PerCaller);
        Add(QuotaScope.Namespace, prefix + @namespace, pods, quotas.PerNamespace);
        foreach (var (node, count) in nodes.Where(node => node.Key.Length > 0).OrderBy(node => node.Key, StringComparer.Ordinal))
        {
            Add(QuotaScope.Node, prefix + node, count, quotas.PerNode);
        }

        Add(QuotaScope.Cluster, cluster ?? CaptureTarget.DefaultCluster, pods, quotas.PerCluster);
        return claims.Count == 0 ? null : new(claims, quotas.WhenOver == WhenOverQuota.Queue, quotas.MaxWait, lifetime);

        void Add(QuotaScope scope, string name, int count, QuotaLimits limits)
        {
            if (limits.Concurrent is { } captures)
            {
                claims.Add(new(scope, name, QuotaKind.Concurrent, count, captures));
            }

            if (limits.BytesPerDay is { } most)
            {
                claims.Add(new(scope, name, QuotaKind.BytesPerDay, bytes * count, most));
            }

            if (limits.PayloadMinutesPerDay is { } minutes && window.KeepsPayload)
            {
                claims.Add(new(scope, name, QuotaKind.PayloadSecondsPerDay, (long)Math.Ceiling(window.Duration.TotalSeconds) * count, minutes * 60L));
            }
        }
    }
}
