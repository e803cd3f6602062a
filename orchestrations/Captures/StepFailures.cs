using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>What a step that threw means to a user. Activity errors cross as strings, so the type's name decides.</summary>
internal static class StepFailures
{
    public static CaptureFault Translate(string step, TaskFailureDetails failure)
    {
        if (failure.ErrorType.EndsWith(nameof(StepUnavailableException), StringComparison.Ordinal))
        {
            return new(
                FaultCodes.ClusterUnavailable,
                $"{step} could not reach the other side, also after retries.",
                "Check that the API server (or the store) answers, then order the capture again.",
                Detail: failure.ErrorMessage);
        }

        return new(
            FaultCodes.StepFailed,
            $"{step} failed in a way that it does not know.",
            "See the log of this capture id; if it persists, report it with that log.",
            Detail: $"{failure.ErrorType}: {failure.ErrorMessage}");
    }
}
