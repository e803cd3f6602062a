using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Between plan and grant: a second person's approval where policy asks for it, then a place within the quotas. Nothing has been changed yet,
/// so a stop ends the wait like a cancel. Touches nothing but the orchestration context.
/// </summary>
internal sealed class Gate(TaskOrchestrationContext context, IGateView view, Task<EndRequest> stop, Task<EndRequest> cancel)
{
    private string? _held;

    private bool EndAsked => stop.IsCompleted || cancel.IsCompleted;

    public async Task<GatePassage> PassAsync(GateTerms terms)
    {
        ApprovalState? approval = null;
        if (terms.Approval is { } asked)
        {
            view.Begin(CaptureSteps.AwaitApproval, CaptureState.AwaitingApproval);
            approval = await ApprovalWait.RunAsync(context, terms, asked, [stop, cancel], view.Show);
            view.Show(approval);
            IReadOnlyList<CaptureFault> faults = approval.Decision is null && EndAsked ? [] : ApprovalRules.Fault(approval) is { } fault ? [fault] : [];
            view.End(faults);
            if (approval.Decision is not { Approved: true } || EndAsked)
            {
                return new(Ended(approval), faults, approval);
            }
        }

        if (terms.Admission is { } admission)
        {
            view.Begin(CaptureSteps.AwaitAdmission, CaptureState.Queued);
            _held = terms.CaptureId;
            var faults = await AdmissionWait.RunAsync(context, terms.CaptureId, admission, [stop, cancel], view.Show);
            view.End(faults);
            if (faults.Count > 0 || EndAsked)
            {
                Release(0, 0);
                return new(faults.Count > 0 ? CaptureState.Refused : CaptureState.Cancelled, faults, approval);
            }
        }

        return new(null, [], approval);
    }

    /// <summary>Gives the place back, where there is one.</summary>
    public void Release(long bytes, long payloadSeconds)
    {
        if (_held is { } captureId)
        {
            context.SendEvent(AdmissionLedger.InstanceId, AdmissionLedger.Message, new AdmissionMessage(null, new AdmissionRelease(captureId, bytes, payloadSeconds)));
        }
    }

    private CaptureState Ended(ApprovalState approval) => approval.Decision switch
    {
        { Approved: false } => CaptureState.Denied,
        null when !EndAsked => CaptureState.Expired,
        _ => CaptureState.Cancelled,
    };
}
