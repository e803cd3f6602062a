namespace CaptureFlow.Orchestrations;

/// <summary>A capture's place in line, as its status shows it.</summary>
/// <param name="Place">1 for who is next of those that wait for the same quota; exact up to 10, further back it may lag behind by a quarter. Null until it is known.</param>
/// <param name="WaitsFor">The quota that is in the way, with how much of it is taken.</param>
/// <param name="Since">UTC.</param>
/// <param name="Until">When it waits no longer and is refused, UTC.</param>
public sealed record QueuePlace(int? Place, string? WaitsFor, DateTimeOffset Since, DateTimeOffset Until);
