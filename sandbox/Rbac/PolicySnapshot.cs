using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>All roles and bindings of one moment, compiled; made anew after any of them changes.</summary>
internal sealed class PolicySnapshot
{
    private readonly Dictionary<(string Namespace, string Name), PolicyRule[]> _roles = [];
    private readonly List<Binding> _bindings = [];

    internal PolicySnapshot(ObjectStore store)
    {
        foreach (var role in store.List(ResourceCatalogue.ClusterRoles).Concat(store.List(ResourceCatalogue.Roles)))
        {
            _roles[(role.Namespace, role.Name)] = PolicyRule.AllOf(role.Read());
        }

        foreach (var stored in store.List(ResourceCatalogue.ClusterRoleBindings).Concat(store.List(ResourceCatalogue.RoleBindings)))
        {
            var binding = stored.Read();
            _bindings.Add(new Binding(
                stored.Namespace,
                stored.Name,
                binding.Text("roleRef", "kind") ?? "",
                binding.Text("roleRef", "name") ?? "",
                [.. binding.Items("subjects").Select(subject => SubjectOf(subject, stored.Namespace))]));
        }
    }

    /// <summary>Every rule that reaches a user in a namespace, cluster-wide ones first; null rules stand for a role that is missing.</summary>
    internal IEnumerable<(PolicyRule[]? Rules, string Source)> RulesFor(UserInfo user, string space)
    {
        foreach (var binding in _bindings)
        {
            if (binding.Namespace.Length > 0 && binding.Namespace != space)
            {
                continue;
            }

            if (binding.Subjects.FirstOrDefault(subject => subject.Matches(user)) is { } subject)
            {
                yield return (Role(binding.RoleKind, binding.RoleName, binding.Namespace), binding.Source(subject));
            }
        }
    }

    internal PolicyRule[]? Role(string kind, string name, string space) =>
        _roles.GetValueOrDefault((kind == "ClusterRole" ? "" : space, name));

    private static Subject SubjectOf(JsonObject subject, string bindingNamespace)
    {
        var (kind, name) = (subject.Text("kind") ?? "", subject.Text("name") ?? "");
        return kind == "ServiceAccount"
            ? new Subject(kind, $"system:serviceaccount:{subject.Text("namespace") ?? bindingNamespace}:{name}", $"{name}/{subject.Text("namespace") ?? bindingNamespace}")
            : new Subject(kind, name, name);
    }

    private sealed record Subject(string Kind, string Match, string Shown)
    {
        internal bool Matches(UserInfo user) => Kind == "Group" ? user.Groups.Contains(Match) : user.Name == Match;
    }

    private sealed record Binding(string Namespace, string Name, string RoleKind, string RoleName, Subject[] Subjects)
    {
        internal string Source(Subject subject)
        {
            var binding = Namespace.Length == 0 ? $"ClusterRoleBinding \"{Name}\"" : $"RoleBinding \"{Name}/{Namespace}\"";
            return $"{binding} of {RoleKind} \"{RoleName}\" to {subject.Kind} \"{subject.Shown}\"";
        }
    }
}
