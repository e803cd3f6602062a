using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Asks the API server, and asks again with growing, jittered pauses while it is overloaded or out of reach. A refused request is not
/// repeated. Every request that goes through here may be repeated: reads, creations by name, deletions by uid, patches to a named item.
/// </summary>
internal sealed class ClusterCalls(IOptions<ClusterOptions> options, TimeProvider time, ILogger<ClusterCalls> logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(3);

    /// <summary>The answer.</summary>
    /// <exception cref="ClusterRefusalException">The server said no.</exception>
    /// <exception cref="StepUnavailableException">It could not be reached, or was overloaded, for as long as the options allow.</exception>
    public Task<T> AskAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken) =>
        AskAsync(what, call, options.Value.RetryFor, cancellationToken);

    /// <summary>The same with a patience of its own; zero asks once.</summary>
    public async Task<T> AskAsync<T>(string what, Func<CancellationToken, Task<T>> call, TimeSpan retryFor, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + retryFor;
        var pause = FirstPause;
        while (true)
        {
            ClusterFailure failure;
            Exception cause;
            using (var cap = new CancellationTokenSource(options.Value.RequestTimeout, time))
            using (var both = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken))
            {
                try
                {
                    return await call(both.Token);
                }
                catch (Exception e) when (!cancellationToken.IsCancellationRequested && ClusterErrors.Read(e) is not null)
                {
                    (failure, cause) = (ClusterErrors.Read(e)!, e);
                }
            }

            if (failure.Refused)
            {
                throw new ClusterRefusalException(failure.Status, failure.Reason, failure.Words, cause);
            }

            var now = time.GetUtcNow();
            var asked = failure.RetryAfter ?? (failure.RetryAt - now) ?? TimeSpan.Zero;
            var wait = Max(asked, pause * (0.5 + Random.Shared.NextDouble()));
            if (now + wait > deadline)
            {
                throw new StepUnavailableException($"{what}: {failure.Status} {failure.Reason}: {failure.Words}", cause);
            }

            logger.Repeating(what, failure.Status, failure.Words, wait.TotalMilliseconds);
            await Task.Delay(wait, time, cancellationToken);
            pause = Min(pause * 2, LongestPause);
        }
    }

    /// <summary>The answer, or null when there is no such thing.</summary>
    public async Task<T?> TryFindAsync<T>(string what, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await AskAsync(what, call, cancellationToken);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Waits between two looks at something that changes by itself.</summary>
    public Task PauseAsync(TimeSpan pause, CancellationToken cancellationToken) => Task.Delay(pause, time, cancellationToken);

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
