using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>Looks into templates.</summary>
internal static class JsonReading
{
    /// <summary>The node at a path of property names separated by slashes (dots are a part of many names); null when there is none.</summary>
    public static JsonNode? At(this JsonNode node, string path) =>
        path.Split('/').Aggregate<string, JsonNode?>(node, (at, name) => (at as JsonObject)?[name]);

    public static string? Text(this JsonNode node, string path) => node.At(path)?.ToString();

    /// <summary>The settings of the one app among the resources of a deployment.</summary>
    public static IReadOnlyDictionary<string, string> AppSettings(this IEnumerable<JsonObject> resources) => resources
        .Single(it => it.Text("type") == "Microsoft.Web/sites/config" && it.Text("name")!.EndsWith("/appsettings", StringComparison.Ordinal))["properties"]!.AsObject()
        .ToDictionary(setting => setting.Key, setting => setting.Value!.ToString());

    /// <summary>The resources of a template itself.</summary>
    public static IEnumerable<JsonNode> Resources(this JsonObject template) => template["resources"] switch
    {
        JsonArray list => list.Select(resource => resource!),
        JsonObject named => named.Select(pair => pair.Value!),
        _ => [],
    };

    /// <summary>The template itself and, depth first, the ones of its modules.</summary>
    public static IEnumerable<JsonObject> WithModules(this JsonObject template)
    {
        yield return template;
        foreach (var module in template.Resources().Where(resource => resource.Text("type") == "Microsoft.Resources/deployments"))
        {
            foreach (var nested in module.At("properties/template")!.AsObject().WithModules())
            {
                yield return nested;
            }
        }
    }
}
