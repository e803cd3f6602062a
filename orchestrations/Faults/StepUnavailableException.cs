namespace CaptureFlow.Orchestrations;

/// <summary>
/// The other side (cluster, store) could not be reached or was overloaded, beyond the step's own retries. Thrown by an activity so that
/// the orchestrator's retry policy repeats the step; its type name is what crosses the wire, so it must not be renamed.
/// </summary>
public sealed class StepUnavailableException : Exception
{
    public StepUnavailableException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
