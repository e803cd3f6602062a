namespace CaptureFlow.Orchestrations;

/// <summary>
/// A call of an alerting system, as it is remembered: what it came to, and never its message. Input of <see cref="AlertCallOrchestrator"/>.
/// </summary>
/// <param name="Binding">Whose call it was.</param>
/// <param name="At">UTC.</param>
/// <param name="Alerts">In the message, those that the sender left out included.</param>
/// <param name="Outcomes">What they came to; bounded.</param>
/// <param name="Unnoted">Calls since the last one that is remembered, in a storm.</param>
public sealed record AlertCall(string Binding, DateTimeOffset At, long Alerts, IReadOnlyList<AlertOutcome> Outcomes, long Unnoted)
{
    /// <summary>What the ids of such instances begin with, and no others'.</summary>
    public const string InstancePrefix = "ac-";
}

/// <summary>What some alerts of a call came to.</summary>
/// <param name="What"><c>started</c>, <c>joined</c>, or why they were ignored, in a word.</param>
/// <param name="Alerts">How many.</param>
/// <param name="Target">Null without a target.</param>
/// <param name="CaptureId">Started, joined, or of the cool-down; null without one.</param>
/// <param name="CoolDownUntil">UTC; null without a cool-down.</param>
/// <param name="Detail">The same in a sentence; null where the word says it all.</param>
public sealed record AlertOutcome(
    string What, long Alerts, string? Target = null, string? CaptureId = null, DateTimeOffset? CoolDownUntil = null, string? Detail = null);
