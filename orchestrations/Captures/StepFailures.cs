using System.Text.Json;
using Microsoft.DurableTask;

namespace CaptureFlow.Orchestrations;

/// <summary>What a step that threw means to a user. Activity errors cross as strings, so the type's name decides.</summary>
internal static class StepFailures
{
    private const string SeeLog = "See the log of this capture id; if it persists, report it with that log.";

    /// <summary>Whether an exception is what a converter throws for a request that it cannot write or a result that it cannot read.</summary>
    public static bool IsOfReading(Exception e) =>
        e is JsonException or NotSupportedException or FormatException or InvalidCastException or ArgumentException or NullReferenceException or OverflowException;

    /// <summary>Its result was not what this version knows: that of another version, say.</summary>
    public static CaptureFault Unreadable(string step, Exception e) => new(
        FaultCodes.StepFailed, $"What {step} came to could not be read.", SeeLog, Detail: e.GetType().Name);

    public static CaptureFault NoResult(string step) => new(FaultCodes.StepFailed, $"{step} came to nothing at all.", SeeLog);

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
            SeeLog,
            Detail: $"{failure.ErrorType}: {failure.ErrorMessage}");
    }
}
