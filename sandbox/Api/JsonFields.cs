using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>Reads fields of untyped API objects; a field that is absent or of another type reads as null, false or empty.</summary>
internal static class JsonFields
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonNode? At(this JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (node is not JsonObject parent || !parent.TryGetPropertyValue(name, out node))
            {
                return null;
            }
        }

        return node;
    }

    internal static string? Text(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    internal static bool Flag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) && flag;

    internal static bool? OptionalFlag(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value && value.TryGetValue(out bool flag) ? flag : null;

    internal static long? Number(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonValue value
            ? value.TryGetValue(out long number) ? number : value.TryGetValue(out int small) ? small : null
            : null;

    internal static IEnumerable<JsonObject> Items(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array ? array.OfType<JsonObject>() : [];

    internal static string[] Texts(this JsonNode? node, params ReadOnlySpan<string> path) =>
        node.At(path) is JsonArray array
            ? [.. array.Select(item => item is JsonValue value && value.TryGetValue(out string? text) ? text : "")]
            : [];

    internal static JsonObject Child(this JsonObject node, string name)
    {
        if (node[name] is JsonObject child)
        {
            return child;
        }

        var made = new JsonObject();
        node[name] = made;
        return made;
    }

    internal static JsonObject Copy(this JsonObject node) => (JsonObject)node.DeepClone();

    internal static JsonArray ToJsonArray(this IEnumerable<JsonNode?> nodes)
    {
        var array = new JsonArray();
        foreach (var node in nodes)
        {
            array.Add(node);
        }

        return array;
    }

    internal static byte[] ToBytes(this JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Plain);

    internal static string ToText(this JsonNode node) => node.ToJsonString(Plain);
}
