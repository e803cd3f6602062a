using System.Collections.Concurrent;

namespace CaptureFlow.Evidence.Tests;

/// <summary>Skips waits up to a length, and notes them; longer ones, which are caps, never end.</summary>
internal sealed class SkippingTime(TimeSpan longest) : TimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _skipped = [];

    public IReadOnlyCollection<TimeSpan> Skipped => _skipped;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime < TimeSpan.Zero || dueTime > longest)
        {
            return System.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        _skipped.Enqueue(dueTime);
        return System.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
