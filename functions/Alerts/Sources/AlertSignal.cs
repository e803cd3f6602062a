namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>One alert of a sender's message, in the same shape for every source.</summary>
/// <param name="Name">The rule or policy, in the sender's words.</param>
/// <param name="DedupeKey">The same for every repetition of this alert, and another once it fires anew. Sorts by time where the source has one.</param>
/// <param name="Labels">What bindings match and choose targets by. Whatever is in it comes from outside.</param>
/// <param name="Ignored">Why this alert starts nothing by itself, one of <see cref="IgnoredAlert"/>'s words; null when it fires.</param>
internal sealed record AlertSignal(string Name, string DedupeKey, IReadOnlyDictionary<string, string> Labels, string? Ignored = null);

/// <summary>A message as read.</summary>
/// <param name="Signals">Its alerts.</param>
/// <param name="Truncated">How many more the sender says that it left out.</param>
internal sealed record AlertMessage(IReadOnlyList<AlertSignal> Signals, long Truncated = 0);
