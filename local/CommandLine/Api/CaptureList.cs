namespace CaptureFlow.Local.CommandLine;

/// <summary>Answer of <c>GET /api/captures</c>.</summary>
internal sealed record CaptureList(IReadOnlyList<ListedCapture> Items);

/// <summary>One of them; what more there is to know is asked for by its id.</summary>
internal sealed record ListedCapture(string Id);
