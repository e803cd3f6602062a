namespace CaptureFlow.Sandbox.Api;

/// <summary>One resource type that the API serves.</summary>
internal sealed record ResourceKind(
    string Group,
    string Plural,
    string Kind,
    bool Namespaced,
    string[] ShortNames,
    string[] Verbs,
    string[] Subresources)
{
    internal string ApiVersion => Group.Length == 0 ? "v1" : $"{Group}/v1";

    /// <summary>As Kubernetes names it in messages: <c>pods</c>, <c>roles.rbac.authorization.k8s.io</c>.</summary>
    internal string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    /// <summary>As Kubernetes names it in validation messages: <c>Pod</c>, <c>Role.rbac.authorization.k8s.io</c>.</summary>
    internal string QualifiedKind => Group.Length == 0 ? Kind : $"{Kind}.{Group}";

    internal bool Stored => Verbs.Contains("get");
}
