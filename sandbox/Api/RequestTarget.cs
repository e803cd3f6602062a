namespace CaptureFlow.Sandbox.Api;

/// <summary>What a request is about, read from its method and path by Kubernetes' own rules.</summary>
/// <remarks>
/// <c>Verb</c>: The RBAC verb: get, list, watch, create, update, patch, delete, deletecollection; for a plain path the method.
/// <c>IsResource</c>: False for a path outside the API groups, such as <c>/version</c>, and for discovery.
/// <c>Path</c>: The path as sent, without the query.
/// </remarks>
internal sealed record RequestTarget(
    string Verb,
    bool IsResource,
    string Path,
    string Group,
    string Version,
    string Namespace,
    string Resource,
    string Subresource,
    string Name)
{
    internal string ResourceWithSub => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    internal string QualifiedResource => Group.Length == 0 ? Resource : $"{Resource}.{Group}";

    internal static RequestTarget Parse(string method, string path, bool watch)
    {
        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, version, rest) = parts switch
        {
            ["api", var v, .. var tail] => ("", v, tail),
            ["apis", var g, var v, .. var tail] => (g, v, tail),
            _ => ("", "", Array.Empty<string>()),
        };

        if (rest.Length == 0)
        {
            return new RequestTarget(Lower(method), false, path, "", "", "", "", "", "");
        }

        var (space, resource, name, sub) = rest switch
        {
            ["namespaces", var n] => (n, "namespaces", n, ""),
            ["namespaces", var n, "status" or "finalize"] => (n, "namespaces", n, rest[2]),
            ["namespaces", var n, var r] => (n, r, "", ""),
            ["namespaces", var n, var r, var x] => (n, r, x, ""),
            ["namespaces", var n, var r, var x, .. var more] => (n, r, x, string.Join('/', more)),
            [var r] => ("", r, "", ""),
            [var r, var x] => ("", r, x, ""),
            [var r, var x, .. var more] => ("", r, x, string.Join('/', more)),
            _ => ("", "", "", ""),
        };
        return new RequestTarget(VerbOf(method, name, watch), true, path, group, version, space, resource, sub, name);
    }

    private static string VerbOf(string method, string name, bool watch) => method switch
    {
        "GET" or "HEAD" => name.Length > 0 && !watch ? "get" : watch ? "watch" : "list",
        "POST" => "create",
        "PUT" => "update",
        "PATCH" => "patch",
        "DELETE" => name.Length > 0 ? "delete" : "deletecollection",
        _ => Lower(method),
    };

    // RBAC verbs are lower case by definition.
    private static string Lower(string method) => string.Create(method.Length, method, static (span, text) =>
        text.AsSpan().ToLowerInvariant(span));
}
