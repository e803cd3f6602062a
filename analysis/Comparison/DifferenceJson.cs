using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis;

/// <summary>The difference as one JSON document.</summary>
public static class DifferenceJson
{
    /// <summary>Ends with a line feed.</summary>
    /// <param name="difference">The difference.</param>
    public static string Write(CaptureDifference difference) => JsonSerializer.Serialize(difference, CaptureJson.Indented) + "\n";
}
