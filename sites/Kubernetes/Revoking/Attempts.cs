using System.Runtime.ExceptionServices;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Things that are all to be tried: what one of them meets keeps none of the others from being done, and is thrown when all were.</summary>
internal sealed class Attempts
{
    private ExceptionDispatchInfo? _first;

    /// <summary>Whether all have succeeded so far.</summary>
    public bool AllWell => _first is null;

    public Task TryAsync(Func<Task> attempt) => TryAsync(
        async () =>
        {
            await attempt();
            return true;
        },
        false);

    /// <summary>The attempt's result, or <paramref name="otherwise"/> when the cluster refused it or could not be reached.</summary>
    public async Task<T> TryAsync<T>(Func<Task<T>> attempt, T otherwise)
    {
        try
        {
            return await attempt();
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            _first ??= ExceptionDispatchInfo.Capture(e);
            return otherwise;
        }
    }

    /// <summary>Throws what the first that failed has met.</summary>
    public void ThrowFirst() => _first?.Throw();
}
