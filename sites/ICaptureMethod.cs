using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites;

/// <summary>
/// One way to carry out a plan that is made: the steps of <see cref="ICaptureSite"/> from the grant on, under the same rules (repeatable, no
/// state between calls, expected failures as faults). The plan's <see cref="CapturePlan.Site"/> chooses the method.
/// </summary>
internal interface ICaptureMethod
{
    /// <summary>One of <see cref="CaptureMethods"/>.</summary>
    string Name { get; }

    /// <summary>How long its grant may live at most: everything between grant and revoke at its slowest, and room for a crash and a restart.</summary>
    TimeSpan GrantLifetime(CaptureOrder order);

    /// <summary>All reasons why this method can't carry the plan out, as far as they can be told without changing anything.</summary>
    Task<IReadOnlyList<CaptureFault>> CheckAsync(CapturePlan plan, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.EnsureGrantAsync"/>
    Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.EnsureTapAsync"/>
    Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.ObserveAsync"/>
    Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.FinishAsync"/>
    Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.ReadAsync"/>
    Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.EnsureRevokedAsync"/>
    Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.SweepAsync"/>
    Task<SweepReport> SweepAsync(CancellationToken cancellationToken);

    /// <inheritdoc cref="ICaptureSite.AuditAsync"/>
    Task<SweepReport> AuditAsync(CancellationToken cancellationToken);
}
