using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>Looks into templates.</summary>
internal static class JsonReading
{
    /// <summary>The node at a path of property names separated by slashes (dots are a part of many names); null when there is none.</summary>
    public static JsonNode? At(this JsonNode node, string path) =>
        path.Split('/').Aggregate<string, JsonNode?>(node, (at, name) => (at as JsonObject)?[name]);

    public static string? Text(this JsonNode node, string path) => node.At(path)?.ToString();

    /// <summary>The template itself and, depth first, the ones of its modules.</summary>
    public static IEnumerable<JsonObject> WithModules(this JsonObject template)
    {
        yield return template;
        var resources = template["resources"] switch
        {
            JsonArray list => list.Select(resource => resource!),
            JsonObject named => named.Select(pair => pair.Value!),
            _ => [],
        };
        foreach (var module in resources.Where(resource => resource.Text("type") == "Microsoft.Resources/deployments"))
        {
            foreach (var nested in module.At("properties/template")!.AsObject().WithModules())
            {
                yield return nested;
            }
        }
    }
}
