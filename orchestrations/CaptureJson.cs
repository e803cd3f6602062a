using System.Text.Encodings.Web;
using System.Text.Json;

namespace CaptureFlow.Orchestrations;

/// <summary>How CaptureFlow writes JSON, the same for the manifest, the HTTP API and the command line: camel case, enums as words, times as RFC 3339 in UTC, durations as ISO 8601.</summary>
public static class CaptureJson
{
    /// <summary>One line.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>For people: the manifest and printed documents.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            PropertyNameCaseInsensitive = true,
            RespectNullableAnnotations = true,
            WriteIndented = indented,

            // Filters are full of quotes and comparison signs. The documents are served as application/json, never inside a page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new UtcTimeConverter(), new DurationConverter() },
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
