using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace CaptureFlow.Sandbox.Scenarios;

/// <summary>Reads YAML as Kubernetes does: every document is a JSON object, plain scalars may be numbers, booleans or null.</summary>
internal static class YamlDocuments
{
    internal static IReadOnlyList<JsonObject> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>()];
    }

    private static JsonNode? Convert(YamlNode node)
    {
        switch (node)
        {
            case YamlMappingNode map:
                var made = new JsonObject();
                foreach (var (key, value) in map.Children)
                {
                    made[((YamlScalarNode)key).Value ?? ""] = Convert(value);
                }

                return made;
            case YamlSequenceNode list:
                var array = new JsonArray();
                foreach (var item in list.Children)
                {
                    array.Add(Convert(item));
                }

                return array;
            case YamlScalarNode { Style: ScalarStyle.Plain } scalar:
                return Plain(scalar.Value ?? "");
            default:
                return ((YamlScalarNode)node).Value;
        }
    }

    private static JsonNode? Plain(string text) => text switch
    {
        "" or "~" or "null" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) => number,
        _ => text,
    };
}
