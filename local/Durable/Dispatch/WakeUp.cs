namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>A bell: rung any number of times before somebody listens, it is heard once.</summary>
internal sealed class WakeUp : IDisposable
{
    private readonly SemaphoreSlim _rung = new(0, 1);
    private readonly Lock _lock = new();

    public void Ring()
    {
        lock (_lock)
        {
            if (_rung.CurrentCount == 0)
            {
                _rung.Release();
            }
        }
    }

    public Task WaitAsync(CancellationToken cancellation) => _rung.WaitAsync(cancellation);

    public void Dispose() => _rung.Dispose();
}
