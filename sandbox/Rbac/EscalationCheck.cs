using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>Nobody hands out more than they hold, unless allowed to <c>bind</c> or <c>escalate</c>; and a binding's role never changes.</summary>
internal sealed class EscalationCheck(Authorizer authorizer)
{
    internal ApiReply? Refuses(ResourceKind kind, JsonObject wanted, JsonObject? present, UserInfo user, string space)
    {
        if (kind.Group != ResourceCatalogue.Rbac)
        {
            return null;
        }

        var name = wanted.Text("metadata", "name") ?? "";
        return kind.Plural is "roles" or "clusterroles"
            ? RefusesRole(kind, wanted, user, space, name)
            : RefusesBinding(kind, wanted, present, user, space, name);
    }

    private ApiReply? RefusesRole(ResourceKind kind, JsonObject wanted, UserInfo user, string space, string name)
    {
        var escalate = new AccessRequest(user, "escalate", kind.Group, kind.Plural, Name: name, Namespace: space);
        return authorizer.Decide(escalate).Allowed ? null : Uncovered(kind, PolicyRule.AllOf(wanted), user, space, name);
    }

    private ApiReply? RefusesBinding(ResourceKind kind, JsonObject wanted, JsonObject? present, UserInfo user, string space, string name)
    {
        var (roleKind, roleName) = (wanted.Text("roleRef", "kind") ?? "", wanted.Text("roleRef", "name") ?? "");
        if (roleName.Length == 0 || roleKind is not ("Role" or "ClusterRole"))
        {
            return ApiReply.Invalid(kind, name, roleName.Length == 0
                ? FieldFault.Required("roleRef.name")
                : new FieldFault("roleRef.kind", "FieldValueNotSupported", $"Unsupported value: \"{roleKind}\": supported values: \"ClusterRole\", \"Role\""));
        }

        if (present is not null && !JsonNode.DeepEquals(present["roleRef"], wanted["roleRef"]))
        {
            return ApiReply.Invalid(kind, name, FieldFault.Invalid("roleRef", wanted["roleRef"]!.ToText(), "cannot change roleRef"));
        }

        var target = roleKind == "ClusterRole" ? ResourceCatalogue.ClusterRoles : ResourceCatalogue.Roles;
        var bind = new AccessRequest(user, "bind", kind.Group, target.Plural, Name: roleName, Namespace: space);
        if (authorizer.Decide(bind).Allowed)
        {
            return null;
        }

        return authorizer.Role(roleKind, roleName, space) is { } rules
            ? Uncovered(kind, rules, user, space, name)
            : ApiReply.NotFound(target, roleName);
    }

    private ApiReply? Uncovered(ResourceKind kind, PolicyRule[] rules, UserInfo user, string space, string name)
    {
        var held = authorizer.RulesOf(user, space);
        var missing = rules.SelectMany(rule => rule.Breakdown()).Where(single => !held.Any(mine => mine.Covers(single))).ToList();
        if (missing.Count == 0)
        {
            return null;
        }

        var lines = missing
            .GroupBy(single => (Group: string.Concat(single.ApiGroups), Resource: string.Concat(single.Resources),
                Name: string.Concat(single.ResourceNames), Url: string.Concat(single.NonResourceUrls)))
            .Select(group => group.First() with { Verbs = [.. group.Select(single => single.Verbs[0]).Distinct()] })
            .Select(rule => rule.ToString())
            .Order(StringComparer.Ordinal);
        return ApiReply.Forbidden(
            kind.Group,
            kind.Plural,
            name,
            $"user \"{user.Name}\" (groups={user.GroupsText}) is attempting to grant RBAC permissions not currently held:\n{string.Join('\n', lines)}");
    }
}
