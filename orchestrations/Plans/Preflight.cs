using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>What was found before a capture, with nothing changed.</summary>
/// <param name="Plan">What would be done; null when something refuses it.</param>
/// <param name="Checks">Everything that was looked at, also what is as it should be.</param>
/// <param name="Faults">What would refuse the capture, all of it; empty when nothing does.</param>
public sealed record Preflight(CapturePlan? Plan, IReadOnlyList<PreflightCheck> Checks, IReadOnlyList<CaptureFault> Faults);

/// <summary>One thing that was looked at.</summary>
/// <param name="Name">E.g. <c>admission</c>.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Message">In one sentence.</param>
/// <param name="Remedy">A line that mends it, where something is to be mended.</param>
/// <param name="Detail">The other side's own words.</param>
public sealed record PreflightCheck(string Name, PreflightOutcome Outcome, string Message, string? Remedy = null, string? Detail = null);

/// <summary>What came of a look.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PreflightOutcome>))]
public enum PreflightOutcome
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("passed")] Passed,

    /// <summary>The capture will work, but should be known about.</summary>
    [JsonStringEnumMemberName("warned")] Warned,

    /// <summary>The capture would be refused or fail.</summary>
    [JsonStringEnumMemberName("refused")] Refused,

    /// <summary>Could not be looked at with the rights at hand.</summary>
    [JsonStringEnumMemberName("unknown")] Unknown,
}
