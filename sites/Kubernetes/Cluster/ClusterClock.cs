namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// The time by the API server's own clock, as every one of its answers tells it. A grant's expiry is written and judged by that clock alone: hosts whose
/// clocks are apart then agree on it, and so does whoever compares it with the creation times that the server writes. One per cluster.
/// </summary>
internal sealed class ClusterClock(TimeProvider time)
{
    /// <summary>An answer tells whole seconds, and was on its way: below this the clocks are taken to agree.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(3);

    // Ticks; long.MinValue as long as no answer has told the time.
    private long _ahead = long.MinValue;

    /// <summary>Whether the server has told its time yet. Without it, this host's own clock is all there is.</summary>
    public bool IsKnown => Interlocked.Read(ref _ahead) != long.MinValue;

    /// <summary>How far the server's clock is ahead of this host's; negative when it is behind.</summary>
    public TimeSpan Ahead => Interlocked.Read(ref _ahead) is var ticks && ticks != long.MinValue ? TimeSpan.FromTicks(ticks) : TimeSpan.Zero;

    /// <summary>UTC, by the server's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow() + Ahead;

    /// <summary>Takes in what an answer says.</summary>
    /// <param name="date">The answer's Date header.</param>
    public void Told(DateTimeOffset date)
    {
        // The header has the second begun: on average it is half a second earlier than that.
        var ahead = date + TimeSpan.FromSeconds(0.5) - time.GetUtcNow();
        Interlocked.Exchange(ref _ahead, ahead.Duration() < Tolerance ? 0 : ahead.Ticks);
    }
}
