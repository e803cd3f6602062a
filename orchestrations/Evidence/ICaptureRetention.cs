namespace CaptureFlow.Orchestrations;

/// <summary>The end of stored captures' time, and of bytes that were staged and never stored.</summary>
public interface ICaptureRetention
{
    /// <summary>
    /// Deletes what is past its time. Never what is held (legal hold, immutability). Cut short, it leaves whole captures or none; may be repeated.
    /// </summary>
    /// <param name="rules">How long things are kept.</param>
    /// <param name="deleting">
    /// Awaited for each capture that is deleted, before the store forgets that there was one: when it fails, the sweep ends there, and the next one
    /// comes to it again.
    /// </param>
    /// <param name="cancellationToken">Ends it between two captures.</param>
    /// <exception cref="StepUnavailableException">The store is away.</exception>
    /// <exception cref="StoreRefusedException">The store refuses.</exception>
    Task<RetentionReport> SweepAsync(RetentionRules rules, Func<string, CancellationToken, Task> deleting, CancellationToken cancellationToken);
}
