using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Has a sweep end its overdue taps one after the other: each bounded in time, each sweep beginning with another one, so that no tap waits behind
/// the same others for ever.
/// </summary>
internal sealed class TapTurns(ClusterConnection connection, ClusterCalls calls, TimeProvider time)
{
    /// <summary>For one tap: the grant, the node's word and the end.</summary>
    public static readonly TimeSpan Each = TimeSpan.FromSeconds(20);

    private int _turn;

    /// <summary>The same things, beginning with another one each time.</summary>
    public static IEnumerable<T> Rotate<T>(IReadOnlyList<T> all, int turn)
    {
        for (var i = 0; i < all.Count; i++)
        {
            yield return all[(int)(((uint)turn + (uint)i) % (uint)all.Count)];
        }
    }

    /// <param name="taps">What is overdue.</param>
    /// <param name="podOf">The pod that a tap is in.</param>
    /// <param name="end">Ends one; null when it was seen to end.</param>
    /// <param name="found">Told what became of each.</param>
    /// <param name="cancellationToken">Ends the sweep.</param>
    public Task RunAsync<T>(
        IReadOnlyList<T> taps, Func<T, V1Pod> podOf, Func<T, CancellationToken, Task<string?>> end, Action<T, string?> found, CancellationToken cancellationToken) =>
        RunAsync(taps, podOf, end, found, new SilentNodes(FindNodeAsync), cancellationToken);

    /// <summary>The same with what is known of the nodes.</summary>
    internal async Task RunAsync<T>(
        IReadOnlyList<T> taps,
        Func<T, V1Pod> podOf,
        Func<T, CancellationToken, Task<string?>> end,
        Action<T, string?> found,
        SilentNodes nodes,
        CancellationToken cancellationToken)
    {
        foreach (var tap in Rotate(taps, _turn++))
        {
            found(tap, await nodes.WhyAsync(podOf(tap), cancellationToken) ?? await TryAsync(tap, podOf(tap), end, nodes, cancellationToken));
        }
    }

    private Task<V1Node?> FindNodeAsync(string name, CancellationToken cancellationToken) =>
        calls.TryFindAsync("get nodes", token => connection.Own.CoreV1.ReadNodeAsync(name, cancellationToken: token), cancellationToken);

    private async Task<string?> TryAsync<T>(T tap, V1Pod pod, Func<T, CancellationToken, Task<string?>> end, SilentNodes nodes, CancellationToken cancellationToken)
    {
        using var cap = new CancellationTokenSource(Each, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cap.Token, cancellationToken);
        try
        {
            return await end(tap, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            nodes.NoteSilence(pod);
            return $"no answer within {Each.TotalSeconds:0} s";
        }
        catch (Exception e) when (e is ClusterRefusalException or StepUnavailableException)
        {
            return e.Message;
        }
    }
}
