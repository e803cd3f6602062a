using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Pulls the file into the store's staging area, from the first missing byte on, and verifies size and hash.</summary>
public sealed class RetrieveCaptureFunction(EvidenceRetriever retriever, StepTelemetry telemetry)
{
    [Function(CaptureSteps.RetrieveCapture)]
    public Task<StepResult<RetrievedFile>> RunAsync([ActivityTrigger] RetrieveRequest request, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.RetrieveCapture, request.Plan.Order.CaptureId, () => retriever.RetrieveAsync(request, cancellationToken));
}
