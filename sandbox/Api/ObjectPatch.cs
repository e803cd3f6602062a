using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>The three patch forms that clients send: strategic merge, JSON merge (RFC 7386) and JSON patch (RFC 6902).</summary>
internal static class ObjectPatch
{
    /// <summary>The keys by which a strategic merge pairs the entries of a list; a list that is not here is replaced whole.</summary>
    private static readonly Dictionary<string, string> MergeKeys = new()
    {
        ["containers"] = "name",
        ["initContainers"] = "name",
        ["ephemeralContainers"] = "name",
        ["env"] = "name",
        ["volumes"] = "name",
        ["imagePullSecrets"] = "name",
        ["secrets"] = "name",
        ["volumeMounts"] = "mountPath",
        ["ports"] = "containerPort",
        ["conditions"] = "type",
        ["ownerReferences"] = "uid",
    };

    internal static JsonObject Strategic(JsonObject target, JsonObject patch)
    {
        if (patch.Text("$patch") == "replace")
        {
            var whole = patch.Copy();
            whole.Remove("$patch");
            return whole;
        }

        foreach (var (name, value) in patch)
        {
            if (name.StartsWith('$'))
            {
                continue;
            }

            switch (value)
            {
                case null:
                    target.Remove(name);
                    break;
                case JsonObject child:
                    target[name] = Strategic(target[name] is JsonObject present ? present.Copy() : [], child);
                    break;
                case JsonArray list when MergeKeys.TryGetValue(name, out var key):
                    target[name] = MergeList(target[name] as JsonArray ?? [], list, key);
                    break;
                default:
                    target[name] = value.DeepClone();
                    break;
            }
        }

        return target;
    }

    internal static JsonObject Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else
            {
                target[name] = value is JsonObject child
                    ? Merge(target[name] is JsonObject present ? present.Copy() : [], child)
                    : value.DeepClone();
            }
        }

        return target;
    }

    /// <summary>Applies add, replace, remove and test; null when an operation does not fit the object.</summary>
    internal static JsonObject? Operations(JsonObject target, JsonArray operations)
    {
        foreach (var operation in operations.OfType<JsonObject>())
        {
            var path = (operation.Text("path") ?? "").Split('/').Skip(1)
                .Select(part => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))
                .ToArray();
            if (path.Length == 0 || !Apply(target, path, operation.Text("op") ?? "", operation["value"]))
            {
                return null;
            }
        }

        return target;
    }

    private static JsonArray MergeList(JsonArray present, JsonArray patch, string key)
    {
        var merged = present.Select(item => item?.DeepClone()).ToJsonArray();
        foreach (var entry in patch.OfType<JsonObject>())
        {
            var at = merged.Index().FirstOrDefault(pair => JsonNode.DeepEquals(pair.Item.At(key), entry.At(key)), (-1, null)).Index;
            if (entry.Text("$patch") == "delete")
            {
                if (at >= 0)
                {
                    merged.RemoveAt(at);
                }
            }
            else if (at >= 0)
            {
                merged[at] = Strategic(((JsonObject)merged[at]!).Copy(), entry);
            }
            else
            {
                merged.Add(Strategic([], entry));
            }
        }

        return merged;
    }

    private static bool Apply(JsonNode target, string[] path, string op, JsonNode? value)
    {
        JsonNode? parent = target;
        foreach (var part in path[..^1])
        {
            parent = parent is JsonArray array ? (TryIndex(array, part, out var i) ? array[i] : null) : parent.At(part);
        }

        var last = path[^1];
        switch (parent, op)
        {
            case (JsonObject map, "add"):
                map[last] = value?.DeepClone();
                return true;
            case (JsonObject map, "replace") when map.ContainsKey(last):
                map[last] = value?.DeepClone();
                return true;
            case (JsonObject map, "remove"):
                return map.Remove(last);
            case (JsonObject map, "test"):
                return JsonNode.DeepEquals(map.At(last), value);
            case (JsonArray list, "add") when last == "-":
                list.Add(value?.DeepClone());
                return true;
            case (JsonArray list, "add") when TryIndex(list, last, out var at):
                list.Insert(at, value?.DeepClone());
                return true;
            case (JsonArray list, "replace") when TryIndex(list, last, out var at):
                list[at] = value?.DeepClone();
                return true;
            case (JsonArray list, "remove") when TryIndex(list, last, out var at):
                list.RemoveAt(at);
                return true;
            default:
                return false;
        }
    }

    private static bool TryIndex(JsonArray list, string text, out int index) =>
        int.TryParse(text, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out index)
        && index < list.Count;
}
