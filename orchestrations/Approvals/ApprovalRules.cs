namespace CaptureFlow.Orchestrations;

/// <summary>When a second person is asked, and who that may be. Pure.</summary>
public static class ApprovalRules
{
    /// <summary>Null when policy asks for nobody.</summary>
    public static ApprovalTerms? For(CapturePlan plan, CapturePolicy policy) =>
        For(plan.Order.Target.Namespace, plan.Order.Window, policy, plan.WholeNode);

    /// <summary>Null when policy asks for nobody.</summary>
    public static ApprovalTerms? For(string @namespace, CaptureWindow window, CapturePolicy policy, bool wholeNode = false)
    {
        List<string> why = [];
        if (wholeNode && policy.ApprovalNamespaces.Count > 0)
        {
            why.Add($"A whole node shows the traffic of every namespace, and policy asks for a second person in: {string.Join(", ", policy.ApprovalNamespaces)}.");
        }
        else if (policy.ApprovalNamespaces.Contains(@namespace))
        {
            why.Add($"Policy asks for a second person in namespace '{@namespace}'.");
        }

        if (policy.ApproveFullPayload && window.KeepsPayload)
        {
            why.Add($"Policy asks for a second person where more than {CaptureWindow.HeaderSnapLength} bytes of a packet are kept.");
        }

        return why.Count == 0 ? null : new(why, policy.ApprovalWithin);
    }

    /// <summary>
    /// Whether two ids may be one person. Callers that are known by no name of their own (<c>anonymous</c>, <c>function-key</c>) share an id, and
    /// so can't approve each other's captures.
    /// </summary>
    public static bool IsSame(string requesterId, string deciderId) => string.Equals(requesterId, deciderId, StringComparison.Ordinal);

    /// <summary>Whether a word counts: a yes to one's own order does not.</summary>
    public static bool Counts(ApprovalDecision decision, string requesterId) => !decision.Approved || !IsSame(requesterId, decision.ById);

    /// <summary>Null for a yes; else what the order ended with.</summary>
    public static CaptureFault? Fault(ApprovalState state) => state.Decision switch
    {
        { Approved: true } => null,
        { } no => new(
            FaultCodes.ApprovalDenied,
            $"{no.By} denied this capture.",
            "Ask them what would be approved, and order that.",
            Detail: no.Comment),
        null => new(
            FaultCodes.ApprovalExpired,
            "Nobody approved or denied this capture in time.",
            "Order again when somebody who may approve is there; or have CaptureFlow:Policy:ApprovalWithin raised (at most 24 h)."),
    };
}
