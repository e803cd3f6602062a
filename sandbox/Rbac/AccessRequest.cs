namespace CaptureFlow.Sandbox.Rbac;

/// <summary>One question to the authorizer: may this user do this?</summary>
internal sealed record AccessRequest(
    UserInfo User,
    string Verb,
    string Group = "",
    string Resource = "",
    string Subresource = "",
    string Name = "",
    string Namespace = "",
    bool IsResource = true,
    string Path = "")
{
    internal string ResourceWithSub => Subresource.Length == 0 ? Resource : $"{Resource}/{Subresource}";

    /// <summary>The reason that a real server gives with a 403.</summary>
    internal string Denial(string reason)
    {
        var tail = reason.Length == 0 ? "" : $": {reason}";
        if (!IsResource)
        {
            return $"User \"{User.Name}\" cannot {Verb} path \"{Path}\"{tail}";
        }

        var scope = Namespace.Length == 0 ? "at the cluster scope" : $"in the namespace \"{Namespace}\"";
        return $"User \"{User.Name}\" cannot {Verb} resource \"{ResourceWithSub}\" in API group \"{Group}\" {scope}{tail}";
    }
}
