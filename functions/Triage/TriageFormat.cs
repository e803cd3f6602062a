using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace CaptureFlow.Functions.Triage;

/// <summary>Whether a caller wants the card as JSON or as text.</summary>
internal static class TriageFormat
{
    public const string Json = "application/json";
    public const string Markdown = "text/markdown";

    /// <summary>JSON, unless Accept names Markdown, and names it before JSON or with more weight.</summary>
    /// <returns>One of <see cref="EvidenceFiles.Derived"/>.</returns>
    public static string FileName(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParseList([.. request.Headers.Accept.OfType<string>()], out var accepted))
        {
            return EvidenceFiles.Triage;
        }

        var first = accepted
            .Where(type => type.Quality is not 0 && (Is(type, Json) || Is(type, Markdown)))
            .OrderByDescending(type => type.Quality ?? 1)
            .FirstOrDefault();
        return first is not null && Is(first, Markdown) ? EvidenceFiles.TriageText : EvidenceFiles.Triage;
    }

    public static string MediaType(string fileName) => fileName == EvidenceFiles.TriageText ? Markdown + "; charset=utf-8" : Json;

    private static bool Is(MediaTypeHeaderValue type, string name) => type.MediaType.Equals(name, StringComparison.OrdinalIgnoreCase);
}
