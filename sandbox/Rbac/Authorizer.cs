using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Rbac;

/// <summary>Decides by the roles and bindings in the store, as Kubernetes' RBAC authorizer does; system:masters may do anything.</summary>
internal sealed class Authorizer
{
    private readonly ObjectStore _store;
    private PolicySnapshot? _snapshot;

    internal Authorizer(ObjectStore store)
    {
        _store = store;
        store.Changed += change =>
        {
            if (change.Object.Kind.Group == ResourceCatalogue.Rbac)
            {
                Volatile.Write(ref _snapshot, null);
            }
        };
    }

    internal AccessDecision Decide(AccessRequest request)
    {
        if (request.User.IsMaster)
        {
            return new AccessDecision(true, "");
        }

        var faults = new List<string>();
        foreach (var (rules, source) in Current().RulesFor(request.User, request.Namespace))
        {
            if (rules is null)
            {
                faults.Add(MissingRole(source));
            }
            else if (Array.Exists(rules, rule => rule.Allows(request)))
            {
                return new AccessDecision(true, $"RBAC: allowed by {source}");
            }
        }

        return new AccessDecision(false, faults.Count == 0 ? "" : $"RBAC: {(faults.Count == 1 ? faults[0] : $"[{string.Join(", ", faults)}]")}");
    }

    internal IReadOnlyList<PolicyRule> RulesOf(UserInfo user, string space) => user.IsMaster
        ? [new PolicyRule(["*"], ["*"], ["*"], [], []), new PolicyRule(["*"], [], [], [], ["*"])]
        : [.. Current().RulesFor(user, space).SelectMany(found => found.Rules ?? [])];

    internal PolicyRule[]? Role(string kind, string name, string space) => Current().Role(kind, name, space);

    private PolicySnapshot Current()
    {
        if (Volatile.Read(ref _snapshot) is { } present)
        {
            return present;
        }

        // Read, then check that no change slipped in between: a stale policy must never be kept.
        var version = _store.Version;
        var made = new PolicySnapshot(_store);
        if (_store.Version == version)
        {
            Volatile.Write(ref _snapshot, made);
            if (_store.Version != version)
            {
                Volatile.Write(ref _snapshot, null);
            }
        }

        return made;
    }

    private static string MissingRole(string source)
    {
        var cluster = source.Contains(" of ClusterRole ", StringComparison.Ordinal);
        var name = source.Split("Role \"")[1].Split('"')[0];
        return $"{(cluster ? "clusterrole" : "role")}.rbac.authorization.k8s.io \"{name}\" not found";
    }
}
