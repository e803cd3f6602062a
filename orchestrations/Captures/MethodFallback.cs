namespace CaptureFlow.Orchestrations;

/// <summary>
/// For an order that leaves the method open: where the cluster's admission refuses the tap in the pod, which no plan can know without the right to
/// try, the same capture on the pod's node. Planned anew, under a grant of its own, after the first one is proven gone.
/// </summary>
internal static class MethodFallback
{
    /// <returns>The plan on the node; null when there is none, or none is called for. Then the refusal stands.</returns>
    public static async Task<CapturePlan?> TryPlanAsync(CaptureRun run, CapturePlan plan, CaptureAttempt attempt)
    {
        if (run.EndAsked || attempt.AdmissionRefusal is not { } refusal || plan is not { Site: CaptureMethods.Pod, Order: { Fleet: null, Target: { Method: CaptureMethods.Auto, IsNode: false } } })
        {
            return null;
        }

        // A tap on the node joins no container.
        var there = plan.Order with { Target = plan.Order.Target with { Method = CaptureMethods.Node, Container = null } };
        var planned = await run.StepAsync<CapturePlan>(CaptureSteps.PlanCapture, CaptureState.Planning, there);
        if (!planned.Succeeded || run.EndAsked)
        {
            return null;
        }

        if (planned.Value.Approval is not null || !Covers(plan.Admission, planned.Value.Admission))
        {
            run.Add(new CaptureFault(
                FaultCodes.AdmissionRefused,
                "It was not tried on the pod's node instead: there it would need an approval, or a place within quotas, that this order has not been given.",
                "Order again with \"method\": \"node\"."));
            return null;
        }

        run.TakeBack(refusal);
        var onNode = planned.Value with
        {
            Order = plan.Order,
            Choice = $"On the node, because the cluster refused the tap in the pod: {refusal.Message} {refusal.Detail}".TrimEnd(),
            Approval = plan.Approval,
            Admission = plan.Admission,
        };
        run.Planned(onNode);
        return onNode;
    }

    private static bool Covers(AdmissionTerms? has, AdmissionTerms? needs) => needs is null || needs.Claims.All(claim => has?.Claims.Contains(claim) == true);
}
