using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using NJsonSchema;
using NJsonSchema.Validation;
using NSwag;
using YamlDotNet.Serialization;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>openapi.yaml: as JSON, and as a library reads it.</summary>
internal sealed class ApiDocument
{
    private readonly List<(Regex Path, string Template, OpenApiPathItem Item)> _paths;

    private ApiDocument(JsonObject json, OpenApiDocument document)
    {
        Json = json;
        Document = document;
        _paths = [.. document.Paths.Select(path => (Pattern(path.Key), path.Key, path.Value.ActualPathItem))];
    }

    public static string File => Repository.Path("functions", "openapi.yaml");

    public JsonObject Json { get; }

    public OpenApiDocument Document { get; }

    /// <summary>Method and path of every operation, e.g. <c>GET /captures/{id}</c>.</summary>
    public IEnumerable<string> Operations => _paths.SelectMany(path => path.Item.Keys.Select(method => $"{method.ToUpperInvariant()} {path.Template}"));

    /// <summary>Every status of every operation, e.g. <c>GET /captures/{id} 404</c>.</summary>
    public IEnumerable<string> Answers => _paths.SelectMany(path => path.Item.SelectMany(operation =>
        operation.Value.ActualResponses.Keys.Select(status => $"{operation.Key.ToUpperInvariant()} {path.Template} {status}")));

    public static async Task<ApiDocument> LoadAsync()
    {
        var yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize<object>(await System.IO.File.ReadAllTextAsync(File));
        var json = (JsonObject)ToJson(yaml)!;
        return new(json, await OpenApiDocument.FromJsonAsync(json.ToJsonString()));
    }

    /// <summary>Null when the path is none of the document's.</summary>
    public (string Name, OpenApiOperation Operation)? Find(string method, string path) => _paths
        .Where(known => known.Path.IsMatch(path) && known.Item.ContainsKey(method.ToLowerInvariant()))
        .Select(known => ($"{method.ToUpperInvariant()} {known.Template}", known.Item[method.ToLowerInvariant()]))
        .Cast<(string, OpenApiOperation)?>()
        .FirstOrDefault();

    /// <summary>What a document breaks of its schema; empty when it is valid.</summary>
    public static IReadOnlyList<string> Check(string json, JsonSchema schema) =>
        [.. new JsonSchemaValidator().Validate(json, schema.ActualSchema, SchemaType.OpenApi3).Select(error => error.ToString())];

    private static Regex Pattern(string template) => new(
        $@"\A/api{Regex.Replace(Regex.Escape(template), @"\\\{[a-z]+}", "[^/]+")}\z", RegexOptions.CultureInvariant);

    private static JsonNode? ToJson(object? yaml) => yaml switch
    {
        null => null,
        IDictionary<object, object?> map => new JsonObject(map.Select(entry => KeyValuePair.Create(Convert.ToString(entry.Key, CultureInfo.InvariantCulture)!, ToJson(entry.Value)))),
        IEnumerable<object?> list => new JsonArray([.. list.Select(ToJson)]),
        _ => JsonSerializer.SerializeToNode(yaml),
    };
}
