using System.Text.Json;

namespace CaptureFlow.Functions.Alerts.Sources;

/// <summary>Reads parts of a message whose shape is somebody else's.</summary>
internal static class AlertJson
{
    /// <summary>How messages are parsed. A name that is there twice would be read by each reader as it likes.</summary>
    public static readonly JsonDocumentOptions Document = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static JsonElement? Part(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var part) && part.ValueKind is not (JsonValueKind.Null or JsonValueKind.Undefined) ? part : null;

    /// <summary>A text, or a number as it is written; null when it is neither.</summary>
    public static string? Text(this JsonElement parent, string name) => parent.Part(name) is { } part ? Text(part) : null;

    public static JsonElement Object(this JsonElement parent, string name, string path) => parent.Part(name) is { ValueKind: JsonValueKind.Object } part
        ? part
        : throw new AlertFormatException($"The message has no object '{path}'.");

    public static string Needed(this JsonElement parent, string name, string path) => parent.Text(name) is { Length: > 0 } text
        ? text
        : throw new AlertFormatException($"The message has no '{path}'.");

    public static IEnumerable<JsonElement> Items(this JsonElement parent, string name) =>
        parent.Part(name) is { ValueKind: JsonValueKind.Array } part ? part.EnumerateArray() : [];

    /// <summary>
    /// Adds an object's texts and numbers under a prefix; what is nested is left out. All of them: whichever of them a binding names has to
    /// be found, and the message's own bound is theirs.
    /// </summary>
    public static void AddLabels(this Dictionary<string, string> labels, JsonElement? parent, string prefix = "")
    {
        if (parent is not { ValueKind: JsonValueKind.Object } found)
        {
            return;
        }

        foreach (var label in found.EnumerateObject())
        {
            labels.AddLabel(prefix + label.Name, Text(label.Value));
        }
    }

    public static void AddLabel(this Dictionary<string, string> labels, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            labels[name] = value;
        }
    }

    private static string? Text(JsonElement part) => part.ValueKind switch
    {
        JsonValueKind.String => part.GetString(),
        JsonValueKind.Number => part.GetRawText(),
        _ => null,
    };
}
