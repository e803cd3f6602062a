using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>The paths by which clients learn what the server offers.</summary>
internal static class Discovery
{
    internal static ApiReply Answer(string path, string serverAddress) => path.TrimEnd('/') switch
    {
        "/version" => ApiReply.Ok(new JsonObject
        {
            ["major"] = "1",
            ["minor"] = "36",
            ["gitVersion"] = "v1.36.0-captureflow-sandbox",
            ["gitCommit"] = "0000000000000000000000000000000000000000",
            ["gitTreeState"] = "clean",
            ["buildDate"] = "1970-01-01T00:00:00Z",
            ["goVersion"] = "none",
            ["compiler"] = "none",
            ["platform"] = "linux/amd64",
        }),
        "/healthz" or "/livez" or "/readyz" => ApiReply.Ok("ok"),
        "/api" => ApiReply.Ok(new JsonObject
        {
            ["kind"] = "APIVersions",
            ["versions"] = new JsonArray("v1"),
            ["serverAddressByClientCIDRs"] = new JsonArray(new JsonObject { ["clientCIDR"] = "0.0.0.0/0", ["serverAddress"] = serverAddress }),
        }),
        "/apis" => ApiReply.Ok(new JsonObject
        {
            ["kind"] = "APIGroupList",
            ["apiVersion"] = "v1",
            ["groups"] = Groups().Select(group => (JsonNode?)Group(group)).ToJsonArray(),
        }),
        "/api/v1" => ApiReply.Ok(Resources("")),
        var other when OpenApi.Answer(other) is { } document => ApiReply.Ok(document),
        var other => OfGroup(other),
    };

    private static ApiReply OfGroup(string path)
    {
        switch (path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            case ["apis", var group] when Groups().Contains(group):
                var described = Group(group);
                described["kind"] = "APIGroup";
                described["apiVersion"] = "v1";
                return ApiReply.Ok(described);
            case ["apis", var group, "v1"] when Groups().Contains(group):
                return ApiReply.Ok(Resources(group));
            default:
                return ApiReply.UnknownPath();
        }
    }

    private static IEnumerable<string> Groups() =>
        ResourceCatalogue.All.Select(kind => kind.Group).Where(group => group.Length > 0).Distinct();

    private static JsonObject Group(string name) => new()
    {
        ["name"] = name,
        ["versions"] = new JsonArray(new JsonObject { ["groupVersion"] = $"{name}/v1", ["version"] = "v1" }),
        ["preferredVersion"] = new JsonObject { ["groupVersion"] = $"{name}/v1", ["version"] = "v1" },
    };

    private static JsonObject Resources(string group)
    {
        var resources = new JsonArray();
        foreach (var kind in ResourceCatalogue.All.Where(kind => kind.Group == group))
        {
            var described = Describe(kind, kind.Plural, kind.Kind, kind.Verbs);
            described["singularName"] = kind.Kind.ToLowerInvariant();
            if (kind.ShortNames.Length > 0)
            {
                described["shortNames"] = kind.ShortNames.Select(name => (JsonNode?)name).ToJsonArray();
            }

            resources.Add(described);
            foreach (var sub in kind.Subresources)
            {
                resources.Add(Sub(kind, sub));
            }
        }

        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? "v1" : $"{group}/v1",
            ["resources"] = resources,
        };
    }

    private static JsonObject Sub(ResourceKind kind, string sub)
    {
        var (name, verbs) = sub switch
        {
            "exec" => ("PodExecOptions", new[] { "create", "get" }),
            "attach" => ("PodAttachOptions", ["create", "get"]),
            "log" => (kind.Kind, ["get"]),
            "token" => ("TokenRequest", ["create"]),
            _ => (kind.Kind, ["get", "patch", "update"]),
        };
        var described = Describe(kind, $"{kind.Plural}/{sub}", name, verbs);
        if (sub == "token")
        {
            described["group"] = ResourceCatalogue.Authentication;
            described["version"] = "v1";
        }

        return described;
    }

    private static JsonObject Describe(ResourceKind kind, string name, string kindName, string[] verbs) => new()
    {
        ["name"] = name,
        ["singularName"] = "",
        ["namespaced"] = kind.Namespaced,
        ["kind"] = kindName,
        ["verbs"] = verbs.Select(verb => (JsonNode?)verb).ToJsonArray(),
    };
}
