using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>Waits for a second person's word, until the deadline or until the order is ended. Touches nothing but the orchestration context.</summary>
internal static class ApprovalWait
{
    /// <returns>What was said, or a state without a decision.</returns>
    public static async Task<ApprovalState> RunAsync(
        TaskOrchestrationContext context, GateTerms terms, ApprovalTerms approval, IReadOnlyList<Task> ends, Action<ApprovalState> show)
    {
        var until = context.CurrentUtcDateTime + approval.Within;
        var state = new ApprovalState(approval.Why, $"A caller with the role approver, other than {terms.RequestedBy}.", until);
        var word = context.WaitForExternalEvent<ApprovalDecision>(CaptureEvents.Decision);
        show(state);
        using var losing = new CancellationTokenSource();
        var deadline = context.CreateTimer(until, losing.Token);
        ApprovalDecision? decision = null;
        while (decision is null)
        {
            await Task.WhenAny([word, deadline, .. ends]);
            if (!word.IsCompleted)
            {
                break;
            }

            // Checked again here: whoever raised the event, history alone shows that two people were involved.
            var said = await word;
            decision = ApprovalRules.Counts(said, terms.RequesterId) ? said : null;
            word = decision is null ? context.WaitForExternalEvent<ApprovalDecision>(CaptureEvents.Decision) : word;
        }

        // An open timer would hold the instance in Running until it fires. CancelAsync would leave the orchestrator's thread.
#pragma warning disable CA1849
        losing.Cancel();
#pragma warning restore CA1849
        return state with { Decision = decision };
    }
}
