namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>One alert of a sender's message, in the same shape for every source.</summary>
/// <param name="Name">The rule or policy, in the sender's words.</param>
/// <param name="DedupeKey">The same for every repetition of this alert, and another once it fires anew. Sorts by time where the source has one.</param>
/// <param name="Labels">What bindings match and choose targets by. Whatever is in it comes from outside.</param>
/// <param name="Ignored">Why this alert starts nothing by itself, one of <see cref="IgnoredAlert"/>'s words; null when it fires.</param>
/// <param name="Detail">The same in a sentence, where there is more to say.</param>
/// <param name="Test">The sender's test button made it: it starts nothing, and its sender is told what it would have started.</param>
internal sealed record AlertSignal(
    string Name, string DedupeKey, IReadOnlyDictionary<string, string> Labels, string? Ignored = null, string? Detail = null, bool Test = false)
{
    /// <summary>This alert as the sender's test.</summary>
    public AlertSignal AsTest() => this with { Ignored = IgnoredAlert.NotFiring, Detail = "This is the sender's test message.", Test = true };

    /// <summary>An alert among others that is not of the source's format.</summary>
    public static AlertSignal Unreadable(string problem) => new("alert", "", new Dictionary<string, string>(), IgnoredAlert.Unreadable, problem);
}
