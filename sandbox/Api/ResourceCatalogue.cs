namespace CaptureFlow.Sandbox.Api;

/// <summary>Every resource type that the API serves, and nothing else: an unknown one is 404, as on a real server.</summary>
internal static class ResourceCatalogue
{
    internal const string Rbac = "rbac.authorization.k8s.io";
    internal const string Authorization = "authorization.k8s.io";
    internal const string Apps = "apps";
    internal const string Authentication = "authentication.k8s.io";

    private static readonly string[] Stored = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
    private static readonly string[] Asked = ["create"];

    internal static readonly ResourceKind Namespaces = new("", "namespaces", "Namespace", false, ["ns"], Stored, ["status"]);
    internal static readonly ResourceKind Nodes = new("", "nodes", "Node", false, ["no"], Stored, ["status"]);
    internal static readonly ResourceKind Pods = new(
        "", "pods", "Pod", true, ["po"], Stored, ["status", "log", "exec", "attach", "ephemeralcontainers"]);
    internal static readonly ResourceKind ServiceAccounts = new("", "serviceaccounts", "ServiceAccount", true, ["sa"], Stored, ["token"]);
    internal static readonly ResourceKind ClusterRoles = new(Rbac, "clusterroles", "ClusterRole", false, [], Stored, []);
    internal static readonly ResourceKind Roles = new(Rbac, "roles", "Role", true, [], Stored, []);
    internal static readonly ResourceKind ClusterRoleBindings = new(Rbac, "clusterrolebindings", "ClusterRoleBinding", false, [], Stored, []);
    internal static readonly ResourceKind RoleBindings = new(Rbac, "rolebindings", "RoleBinding", true, [], Stored, []);

    // Kept as they are applied: no controller acts on them. Clients read what they select, and where they send.
    internal static readonly ResourceKind Services = new("", "services", "Service", true, ["svc"], Stored, ["status"]);
    internal static readonly ResourceKind Deployments = new(Apps, "deployments", "Deployment", true, ["deploy"], Stored, ["status"]);
    internal static readonly ResourceKind StatefulSets = new(Apps, "statefulsets", "StatefulSet", true, ["sts"], Stored, ["status"]);
    internal static readonly ResourceKind DaemonSets = new(Apps, "daemonsets", "DaemonSet", true, ["ds"], Stored, ["status"]);
    internal static readonly ResourceKind ReplicaSets = new(Apps, "replicasets", "ReplicaSet", true, ["rs"], Stored, ["status"]);
    internal static readonly ResourceKind Jobs = new("batch", "jobs", "Job", true, [], Stored, ["status"]);

    internal static readonly ResourceKind SelfAccessReviews = new(
        Authorization, "selfsubjectaccessreviews", "SelfSubjectAccessReview", false, [], Asked, []);
    internal static readonly ResourceKind SelfRulesReviews = new(
        Authorization, "selfsubjectrulesreviews", "SelfSubjectRulesReview", false, [], Asked, []);
    internal static readonly ResourceKind AccessReviews = new(
        Authorization, "subjectaccessreviews", "SubjectAccessReview", false, [], Asked, []);
    internal static readonly ResourceKind LocalAccessReviews = new(
        Authorization, "localsubjectaccessreviews", "LocalSubjectAccessReview", true, [], Asked, []);
    internal static readonly ResourceKind SelfReviews = new(
        Authentication, "selfsubjectreviews", "SelfSubjectReview", false, [], Asked, []);

    internal static readonly IReadOnlyList<ResourceKind> All =
    [
        Namespaces, Nodes, Pods, ServiceAccounts, ClusterRoles, Roles, ClusterRoleBindings, RoleBindings,
        Services, Deployments, StatefulSets, DaemonSets, ReplicaSets, Jobs,
        SelfAccessReviews, SelfRulesReviews, AccessReviews, LocalAccessReviews, SelfReviews,
    ];

    internal static ResourceKind? Find(string group, string plural) =>
        All.FirstOrDefault(kind => kind.Group == group && kind.Plural == plural);

    internal static ResourceKind? FindByKind(string apiVersion, string kind) =>
        All.FirstOrDefault(candidate => candidate.ApiVersion == apiVersion && candidate.Kind == kind);
}
