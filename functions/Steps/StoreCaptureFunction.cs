using CaptureFlow.Evidence;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Steps;

/// <summary>Walks the staged file, decides the verdict, and commits file and manifest. Run twice, it compares with what is there.</summary>
public sealed class StoreCaptureFunction(EvidenceRecorder recorder, StepTelemetry telemetry)
{
    [Function(CaptureSteps.StoreCapture)]
    public Task<StepResult<StoredEvidence>> RunAsync([ActivityTrigger] StoreRequest request, CancellationToken cancellationToken) =>
        telemetry.RunAsync(CaptureSteps.StoreCapture, request.Plan.Order.CaptureId, () => recorder.RecordAsync(request, cancellationToken));
}
