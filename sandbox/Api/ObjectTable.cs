using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>The table form of <c>meta.k8s.io/v1</c>, which kubectl asks for when it prints for people.</summary>
internal static class ObjectTable
{
    private static readonly string[] PodColumns = ["Name", "Ready", "Status", "Restarts", "Age"];

    /// <summary>The table, or null when the client did not ask for one or the kind has no columns but name and age.</summary>
    internal static JsonObject? Render(ApiCall call, IReadOnlyList<JsonObject> items, DateTimeOffset now)
    {
        if (call.Kind != ResourceCatalogue.Pods
            || !call.Http.Request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal))
        {
            return null;
        }

        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = items is [var one] ? one.Text("metadata", "resourceVersion") : "" },
            ["columnDefinitions"] = PodColumns
                .Select(name => (JsonNode?)new JsonObject
                {
                    ["name"] = name, ["type"] = "string", ["format"] = name == "Name" ? "name" : "", ["description"] = name, ["priority"] = 0,
                })
                .ToJsonArray(),
            ["rows"] = items.Select(item => (JsonNode?)Row(item, now)).ToJsonArray(),
        };
    }

    private static JsonObject Row(JsonObject pod, DateTimeOffset now)
    {
        var statuses = pod.Items("status", "containerStatuses").ToList();
        var ready = $"{statuses.Count(status => status.Flag("ready"))}/{pod.Items("spec", "containers").Count()}";
        var restarts = statuses.Sum(status => status.Number("restartCount") ?? 0);
        var metadata = (JsonObject)pod["metadata"]!.DeepClone();
        return new JsonObject
        {
            ["cells"] = new JsonArray(
                pod.Text("metadata", "name"),
                ready,
                Status(pod, statuses),
                restarts.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Age(pod.Text("metadata", "creationTimestamp"), now)),
            ["object"] = new JsonObject
            {
                ["kind"] = "PartialObjectMetadata", ["apiVersion"] = "meta.k8s.io/v1", ["metadata"] = metadata,
            },
        };
    }

    private static string Age(string? since, DateTimeOffset now)
    {
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        var age = DateTimeOffset.TryParse(since, invariant, out var from) ? now - from : TimeSpan.Zero;
        return age.TotalMinutes < 2
            ? string.Create(invariant, $"{(int)age.TotalSeconds}s")
            : string.Create(invariant, $"{(int)age.TotalMinutes}m");
    }

    private static string Status(JsonObject pod, List<JsonObject> statuses)
    {
        if (pod.At("metadata", "deletionTimestamp") is not null)
        {
            return "Terminating";
        }

        return statuses.Select(status => status.Text("state", "waiting", "reason")).FirstOrDefault(reason => reason is not null)
            ?? pod.Text("status", "phase")
            ?? "Unknown";
    }
}
