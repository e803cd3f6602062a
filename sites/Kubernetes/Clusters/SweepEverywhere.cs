using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A place to sweep: a cluster, or a method that belongs to none.</summary>
/// <param name="Name">For the report, when it could not be swept.</param>
/// <param name="SweepAsync">Sweeps it.</param>
internal sealed record SweepPlace(string Name, Func<CancellationToken, Task<SweepReport>> SweepAsync);

/// <summary>Sweeps all places at once, and makes one report of it. Whatever one of them does, the others are swept.</summary>
internal sealed class SweepEverywhere(TimeProvider time)
{
    public async Task<SweepReport> RunAsync(IReadOnlyList<SweepPlace> places, TimeSpan within, CancellationToken cancellationToken)
    {
        var at = time.GetUtcNow();
        var reports = await Task.WhenAll(places.Select(place => SweepOneAsync(place, at, within, cancellationToken)));
        return new(
            at,
            [.. reports.SelectMany(r => r.Live)],
            [.. reports.SelectMany(r => r.Findings)],
            [.. reports.SelectMany(r => r.Faults)],
            [.. reports.SelectMany(r => r.Clusters)]);
    }

    private async Task<SweepReport> SweepOneAsync(SweepPlace place, DateTimeOffset at, TimeSpan within, CancellationToken cancellationToken)
    {
        using var cap = new CancellationTokenSource(within, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            // Off this thread: opening a connection may run a credential plugin, which must not hold up the other places.
            return await Task.Run(() => place.SweepAsync(either.Token), either.Token).WaitAsync(either.Token);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // A boundary, see above.
            return new(at, [], [], [NotSwept(place.Name, e, within)], [place.Name]);
        }
    }

    private static CaptureFault NotSwept(string place, Exception e, TimeSpan within) => new(
        e is OperationCanceledException ? FaultCodes.ClusterUnavailable : FaultCodes.StepFailed,
        $"The sweep of cluster '{place}' did not come to an end.",
        "The next sweep tries again; if it persists, look at the log.",
        Detail: e is OperationCanceledException ? $"not done after {within.TotalSeconds:0} s" : $"{e.GetType().Name}: {e.Message}");
}
