namespace CaptureFlow.Orchestrations;

/// <summary>
/// A kind of place where packets can be taken. One method per step; each is repeated after a crash or a lost answer, possibly while the
/// first call still runs, and must then come to the same thing (<c>Ensure…</c>). Expected failures are faults in the result;
/// <see cref="StepUnavailableException"/> says that the whole step is worth repeating. No method keeps state between calls, and none lets a
/// token or packet bytes out except to <see cref="ReadAsync"/>'s sink.
/// </summary>
public interface ICaptureSite
{
    /// <summary>Finds the pods of a workload or selector, or says all reasons why there are none to capture in. Changes nothing.</summary>
    Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken);

    /// <summary>
    /// Plans, and looks at everything that could stop the capture later or harm the pod. Changes nothing: what it asks to be done, it asks
    /// the server to try without doing it.
    /// </summary>
    Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken);

    /// <summary>Resolves the target and says what would be done, or all reasons why not. Changes nothing.</summary>
    Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken);

    /// <summary>Makes the temporary permission of this capture, or finds it as it was made, and waits until it is effective.</summary>
    Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken);

    /// <summary>Starts the tap as the granted identity, or finds it started, and waits until it listens.</summary>
    Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken);

    /// <summary>A light look at the running tap, for progress only.</summary>
    Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken);

    /// <summary>Waits until the tap has ended, or ends it when <paramref name="stopNow"/> is set, and reads its own account of the file.</summary>
    Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken);

    /// <summary>Hands the file's bytes from <paramref name="offset"/> to its end to <paramref name="sink"/>, in order, at the sink's pace.</summary>
    /// <returns>Null when the end was reached; else the fault that cut the transfer. What the sink got before it is valid.</returns>
    Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken);

    /// <summary>Ends the tap, takes the permission back, and then asks. Never faults on what is already gone.</summary>
    Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken);

    /// <summary>Takes back what is past its expiry, from what the place itself says (labels, annotations) alone.</summary>
    Task<SweepReport> SweepAsync(CancellationToken cancellationToken);

    /// <summary>Looks as <see cref="SweepAsync"/> does, and takes nothing back: what is past its expiry is found as <see cref="SweepOutcome.Overdue"/>.</summary>
    Task<SweepReport> AuditAsync(CancellationToken cancellationToken);
}
