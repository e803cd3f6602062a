using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Evidence;

/// <summary>The retrieve step: pulls a capture's file from the container into the store's staging area.</summary>
public sealed class EvidenceRetriever(
    ICaptureSite site, ICaptureStore store, IOptions<RetrievalOptions> options, TimeProvider time, ILogger<EvidenceRetriever> logger)
{
    /// <summary>
    /// Goes on where the last run ended, at the first byte that is not staged; takes the transfer up again after breaks; checks size and
    /// SHA-256 against the tap's account, and fetches once more from byte 0 when they differ. Runs at most
    /// <see cref="RetrievalOptions.LongestRun"/>.
    /// </summary>
    /// <returns>
    /// Complete and no fault: all is staged and verified. Not complete and no fault: time was up, call again. Faults: no more can be had, and
    /// the value says what is staged (null when staging could not even be opened).
    /// </returns>
    /// <exception cref="StepUnavailableException">Another run is at it, or the store is away; what is staged stays.</exception>
    /// <exception cref="OperationCanceledException">The host stops; what is staged stays.</exception>
    public async Task<StepResult<RetrievedFile>> RetrieveAsync(RetrieveRequest request, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var id = request.Plan.Order.CaptureId;
        try
        {
            await using var copy = await StagedCopy.OpenAsync(store, id, options.Value.FlushEvery, cancellationToken);
            if (copy.Length > 0)
            {
                Log.Resumes(logger, id, copy.Length);
            }

            var transfer = new Transfer(site, request, copy, options.Value, time, started, logger);
            return await transfer.RunAsync(cancellationToken);
        }
        catch (StoreRefusedException refusal)
        {
            return StepResult.Fault<RetrievedFile>(refusal.Fault);
        }
    }
}
