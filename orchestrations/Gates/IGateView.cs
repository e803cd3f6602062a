namespace CaptureFlow.Orchestrations;

/// <summary>Where an order shows what it waits for.</summary>
internal interface IGateView
{
    void Begin(string step, CaptureState state);

    void End(IReadOnlyList<CaptureFault> faults);

    void Show(ApprovalState approval);

    void Show(QueuePlace place);
}
