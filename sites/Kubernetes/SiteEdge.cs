using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The edge of a cluster's sites, where the API server's refusals become faults.</summary>
internal static class SiteEdge
{
    public static async Task<StepResult<T>> FaultedAsync<T>(Func<Task<StepResult<T>>> step)
        where T : class
    {
        try
        {
            return await step();
        }
        catch (ClusterRefusalException refusal)
        {
            return StepResult.Fault<T>(ClusterErrors.ToFault(refusal));
        }
    }

    public static async Task<CaptureFault?> ReadAsync(Func<Task<CaptureFault?>> step)
    {
        try
        {
            return await step();
        }
        catch (ClusterRefusalException refusal)
        {
            return ClusterErrors.ToFault(refusal);
        }
    }

    /// <exception cref="StepUnavailableException">Refused: it may be allowed again once somebody has mended CaptureFlow's own rights.</exception>
    public static async Task<RevocationProof> RevokedAsync(string captureId, Func<Task<RevocationProof>> step)
    {
        try
        {
            return await step();
        }
        catch (ClusterRefusalException refusal)
        {
            throw new StepUnavailableException($"revoke {captureId}: {refusal.Message}", refusal);
        }
    }
}
