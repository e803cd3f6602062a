namespace CaptureFlow.Orchestrations;

/// <summary>How long things are kept.</summary>
/// <param name="Now">UTC.</param>
/// <param name="Days">Days after the order, by verdict; a verdict that is not there, or 0, is kept for ever.</param>
/// <param name="StagedFor">Staged bytes that were not stored are dropped after this time.</param>
/// <param name="LogDays">Days after its last entry that a capture's log is kept, whatever became of the capture; 0 keeps it for ever.</param>
public sealed record RetentionRules(DateTimeOffset Now, IReadOnlyDictionary<Verdict, int> Days, TimeSpan StagedFor, int LogDays)
{
    /// <summary>The shortest time that any verdict is kept; null when all are kept for ever. Nothing younger needs to be looked at.</summary>
    public TimeSpan? Shortest => Days.Values.Where(days => days > 0).Select(days => (TimeSpan?)TimeSpan.FromDays(days)).Min();

    public bool IsOver(Verdict? verdict, DateTimeOffset requestedAt) =>
        verdict is { } known && Days.TryGetValue(known, out var days) && days > 0 && requestedAt + TimeSpan.FromDays(days) < Now;

    public bool IsLogOver(DateTimeOffset lastEntry) => LogDays > 0 && lastEntry + TimeSpan.FromDays(LogDays) < Now;

    public bool IsGivenUp(DateTimeOffset stagedAt) => stagedAt + StagedFor < Now;
}
