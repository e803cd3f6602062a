namespace CaptureFlow.Functions.Triage;

/// <summary>A time, and the cancellation that somebody else may ask for before it.</summary>
internal sealed class Deadline : IDisposable
{
    private readonly CancellationTokenSource _after;
    private readonly CancellationTokenSource _either;

    public Deadline(TimeSpan after, TimeProvider time, CancellationToken cancellationToken)
    {
        _after = new(after, time);
        _either = CancellationTokenSource.CreateLinkedTokenSource(_after.Token, cancellationToken);
    }

    public CancellationToken Token => _either.Token;

    public void Dispose()
    {
        _either.Dispose();
        _after.Dispose();
    }
}
