namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>A message as read.</summary>
/// <param name="Signals">Its alerts.</param>
/// <param name="Truncated">How many more the sender says that it left out.</param>
internal sealed record AlertMessage(IReadOnlyList<AlertSignal> Signals, long Truncated = 0);
