using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>One rule of a role.</summary>
internal sealed record PolicyRule(
    string[] Verbs,
    string[] ApiGroups,
    string[] Resources,
    string[] ResourceNames,
    string[] NonResourceUrls)
{
    internal static PolicyRule Of(JsonObject rule) => new(
        rule.Texts("verbs"), rule.Texts("apiGroups"), rule.Texts("resources"), rule.Texts("resourceNames"), rule.Texts("nonResourceURLs"));

    internal static PolicyRule[] AllOf(JsonObject role) => [.. role.Items("rules").Select(Of)];

    internal bool Allows(AccessRequest request)
    {
        if (!Has(Verbs, request.Verb))
        {
            return false;
        }

        return request.IsResource
            ? Has(ApiGroups, request.Group)
                && Resources.Any(resource => ResourceMatches(resource, request.Resource, request.Subresource))
                && (ResourceNames.Length == 0 || ResourceNames.Contains(request.Name))
            : NonResourceUrls.Any(url => PathMatches(url, request.Path));
    }

    /// <summary>The rule taken apart into rules of one verb, group, resource and name each, as the escalation check compares them.</summary>
    internal IEnumerable<PolicyRule> Breakdown()
    {
        var names = ResourceNames.Length == 0 ? [[]] : ResourceNames.Select(name => new[] { name });
        foreach (var verb in Verbs)
        {
            foreach (var group in ApiGroups)
            {
                foreach (var resource in Resources)
                {
                    foreach (var name in names)
                    {
                        yield return new PolicyRule([verb], [group], [resource], name, []);
                    }
                }
            }

            foreach (var url in NonResourceUrls)
            {
                yield return new PolicyRule([verb], [], [], [], [url]);
            }
        }
    }

    /// <summary>Whether this rule grants all that a rule from <see cref="Breakdown"/> grants.</summary>
    internal bool Covers(PolicyRule single)
    {
        if (!Has(Verbs, single.Verbs[0]))
        {
            return false;
        }

        if (single.NonResourceUrls is [var url])
        {
            return NonResourceUrls.Any(mine => mine == url || (mine.EndsWith('*') && PathMatches(mine, url)));
        }

        var (resource, sub) = single.Resources[0].Split('/', 2) is [var r, var s] ? (r, s) : (single.Resources[0], "");
        return Has(ApiGroups, single.ApiGroups[0])
            && Resources.Any(mine => ResourceMatches(mine, resource, sub))
            && (ResourceNames.Length == 0 || (single.ResourceNames is [var name] && ResourceNames.Contains(name)));
    }

    /// <summary>As Kubernetes prints a rule in the escalation message.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        Add("APIGroups", ApiGroups);
        Add("Resources", Resources);
        Add("ResourceNames", ResourceNames);
        Add("NonResourceURLs", NonResourceUrls);
        Add("Verbs", Verbs);
        return $"{{{string.Join(", ", parts)}}}";

        void Add(string name, string[] values)
        {
            if (values.Length > 0)
            {
                parts.Add($"{name}:[{string.Join(' ', values.Select(value => $"\"{value}\""))}]");
            }
        }
    }

    internal JsonObject ToJson()
    {
        var made = new JsonObject { ["verbs"] = Array(Verbs) };
        if (NonResourceUrls.Length > 0)
        {
            made["nonResourceURLs"] = Array(NonResourceUrls);
            return made;
        }

        made["apiGroups"] = Array(ApiGroups);
        made["resources"] = Array(Resources);
        if (ResourceNames.Length > 0)
        {
            made["resourceNames"] = Array(ResourceNames);
        }

        return made;

        static JsonArray Array(string[] values) => values.Select(value => (JsonNode?)value).ToJsonArray();
    }

    private static bool Has(string[] values, string wanted) => values.Contains("*") || values.Contains(wanted);

    private static bool ResourceMatches(string rule, string resource, string sub) =>
        rule == "*"
        || rule == (sub.Length == 0 ? resource : $"{resource}/{sub}")
        || (sub.Length > 0 && rule == $"*/{sub}");

    private static bool PathMatches(string rule, string path) =>
        rule == "*" || rule == path || (rule.EndsWith('*') && path.StartsWith(rule.TrimEnd('*'), StringComparison.Ordinal));
}
