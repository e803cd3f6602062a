using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>
/// The least of OpenAPI v3 that lets kubectl leave validation to the server: for each kind a patch operation that takes
/// <c>fieldValidation</c> and <c>dryRun</c>.
/// </summary>
internal static class OpenApi
{
    internal static JsonObject? Answer(string path)
    {
        const string prefix = "/openapi/v3";
        if (path == prefix)
        {
            var paths = new JsonObject();
            foreach (var group in ResourceCatalogue.All.Select(RootOf).Distinct())
            {
                paths[group] = new JsonObject { ["serverRelativeURL"] = $"{prefix}/{group}" };
            }

            return new JsonObject { ["paths"] = paths };
        }

        var root = path.StartsWith($"{prefix}/", StringComparison.Ordinal) ? path[(prefix.Length + 1)..] : "";
        var kinds = ResourceCatalogue.All.Where(kind => RootOf(kind) == root).ToList();
        return kinds.Count == 0 ? null : Document(root, kinds);
    }

    private static JsonObject Document(string root, List<ResourceKind> kinds)
    {
        var paths = new JsonObject();
        foreach (var kind in kinds)
        {
            paths[$"/{root}/{kind.Plural}/{{name}}"] = new JsonObject
            {
                ["patch"] = new JsonObject
                {
                    ["x-kubernetes-group-version-kind"] = new JsonObject { ["group"] = kind.Group, ["version"] = "v1", ["kind"] = kind.Kind },
                    ["parameters"] = new JsonArray(Parameter("fieldValidation"), Parameter("dryRun")),
                    ["responses"] = new JsonObject(),
                },
            };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.0",
            ["info"] = new JsonObject { ["title"] = "captureflow-sandbox", ["version"] = "v1" },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = new JsonObject() },
        };
    }

    private static JsonObject Parameter(string name) => new()
    {
        ["name"] = name, ["in"] = "query", ["schema"] = new JsonObject { ["type"] = "string" },
    };

    private static string RootOf(ResourceKind kind) => kind.Group.Length == 0 ? "api/v1" : $"apis/{kind.Group}/v1";
}
