namespace CaptureFlow.Functions.Alerts.History;

/// <summary>How many calls of a binding are remembered in an hour, and how many were not.</summary>
internal sealed class CallBudget(int most)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _since = DateTimeOffset.MinValue;
    private int _taken;
    private long _unnoted;
    private long _refusals;

    public long Refusals => Interlocked.Read(ref _refusals);

    public void Refused() => Interlocked.Increment(ref _refusals);

    /// <summary>
    /// Null when the hour's are used up, and the call is counted only; else how many were counted only since the last that is remembered.
    /// </summary>
    public long? TryTake(DateTimeOffset now)
    {
        lock (_lock)
        {
            if (now - _since >= TimeSpan.FromHours(1))
            {
                (_since, _taken) = (now, 0);
            }

            if (_taken >= most)
            {
                _unnoted++;
                return null;
            }

            _taken++;
            var unnoted = _unnoted;
            _unnoted = 0;
            return unnoted;
        }
    }
}
