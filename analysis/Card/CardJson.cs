using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis;

/// <summary>The card as one JSON document, the same wherever it is made.</summary>
public static class CardJson
{
    /// <summary>Ends with a line feed.</summary>
    /// <param name="card">The card.</param>
    public static string Write(TriageCard card) => JsonSerializer.Serialize(card, CaptureJson.Indented) + "\n";
}
