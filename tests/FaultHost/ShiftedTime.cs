namespace CaptureFlow.FaultHost;

/// <summary>A clock that is set wrong: so far from the machine's own.</summary>
internal sealed class ShiftedTime(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + ahead;
}
