using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>A capture as the server showed it.</summary>
/// <param name="Status">What the command line reads of it, safe to print.</param>
/// <param name="Document">All that was sent; not safe to print until <see cref="Printable"/> made it so.</param>
internal sealed record ShownCapture(CaptureStatus Status, JsonElement Document)
{
    /// <summary>Indented JSON. What could do something to a terminal becomes JSON's own escapes: the document stays the same.</summary>
    public static string Printable(JsonElement document) =>
        PrintableTextConverter.Printable(JsonSerializer.Serialize(document, CaptureJson.Indented).ReplaceLineEndings("\n"));
}
