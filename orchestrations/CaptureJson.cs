using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// How CaptureFlow's records are written for people and programs: the HTTP API, the manifest and the command line's <c>--json</c> share it.
/// (What goes through the orchestration's history is the platform's own converter's business.)
/// </summary>
public static class CaptureJson
{
    public static JsonSerializerOptions Options { get; } = Make(indented: false);

    /// <summary>The same, for files that people open.</summary>
    public static JsonSerializerOptions Indented { get; } = Make(indented: true);

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            // Filters and server messages are full of < > & ' +; they are never put into HTML unescaped.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            WriteIndented = indented,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
