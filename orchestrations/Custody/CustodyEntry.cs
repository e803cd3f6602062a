namespace CaptureFlow.Orchestrations;

/// <summary>One thing that happened to a capture, for its log.</summary>
/// <param name="Event">One of <see cref="CustodyEvents"/>.</param>
/// <param name="At">When it happened, UTC, by the clock of whoever saw it.</param>
/// <param name="By">Who did it: a caller's name as the trigger established it (its stable id is the fact <c>id</c>, where it has one), or <see cref="CustodyEvents.Self"/>.</param>
/// <param name="Facts">What is to be remembered of it: names, sizes and hashes; never a secret, a token or a packet byte.</param>
/// <param name="Key">What makes it the same entry when a step is repeated; null when the event happens once in a capture's life.</param>
public sealed record CustodyEntry(string Event, DateTimeOffset At, string By, IReadOnlyDictionary<string, string?> Facts, string? Key = null);

/// <summary>A place in a log: so many entries, and the last one's hash.</summary>
public sealed record CustodyHead(int Entries, string Hash);
