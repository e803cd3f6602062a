using System.Text.Json.Nodes;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>One row of the table: a fault, how it is played to a real capture, and what the capture must come to.</summary>
/// <param name="Group">Which promise it belongs to.</param>
/// <param name="Name">Unique, and short; also names the capture's namespace.</param>
/// <param name="Fault">What goes wrong, in words.</param>
/// <param name="Expected">What it must come to.</param>
/// <param name="PlayAsync">Orders the capture, plays the fault, and returns the capture when it has ended.</param>
internal sealed record FaultCase(string Group, string Name, string Fault, Outcome Expected, Func<FaultScene, Task<JsonNode>> PlayAsync);

/// <summary>What a capture came to.</summary>
/// <param name="Status">Its status word.</param>
/// <param name="Verdict">Of its evidence; null when it has none.</param>
/// <param name="Code">A fault that it tells of; null when it need not tell of any.</param>
internal sealed record Outcome(string Status, string? Verdict = null, string? Code = null)
{
    public static readonly Outcome Complete = new("completed", "Complete");

    /// <summary>How many grants may have been made; more than one only where a late run has taken its own back.</summary>
    public int Grants { get; init; } = 1;

    public override string ToString() => string.Join(", ", new[] { Status, Verdict, Code }.Where(word => word is not null));
}
