namespace CaptureFlow.Orchestrations;

/// <summary>What a retention sweep did.</summary>
/// <param name="Deleted">Ids of captures whose time was over.</param>
/// <param name="Held">Ids of captures whose time is over and that are held.</param>
/// <param name="GivenUp">Ids of captures whose staged bytes were dropped.</param>
/// <param name="Logs">How many logs were deleted.</param>
public sealed record RetentionReport(IReadOnlyList<string> Deleted, IReadOnlyList<string> Held, IReadOnlyList<string> GivenUp, int Logs = 0);
