using k8s.Exceptions;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The headers of a kubeconfig's <c>as</c>, <c>as-uid</c>, <c>as-groups</c> and <c>as-user-extra</c>; what cannot be sent is refused by name.</summary>
internal static class Impersonation
{
    // The API server adds it to everybody who is impersonated, so that it need not be asked for beside another.
    private const string Everybody = "system:authenticated";

    /// <exception cref="KubeConfigException">It cannot be sent.</exception>
    public static IReadOnlyList<KeyValuePair<string, string>> Of(KubeConfigUser user)
    {
        var groups = user.AsGroups ?? [];
        if (string.IsNullOrEmpty(user.As))
        {
            return string.IsNullOrEmpty(user.AsUid) && groups.Count == 0 && user.AsUserExtra is not { Count: > 0 }
                ? []
                : throw new KubeConfigException("user: as-uid, as-groups and as-user-extra take an 'as' beside them");
        }

        if (groups.Count > 1)
        {
            groups = [.. groups.Where(group => group != Everybody)];
        }

        // The API server wants a header for each, and .NET writes one header with all of them, which would be the name of one strange group.
        if (groups.Count > 1)
        {
            throw new KubeConfigException($"user.as-groups: this client can send one group ({Everybody} aside), and there are {groups.Count}; leave one");
        }

        List<KeyValuePair<string, string>> headers = [new("Impersonate-User", user.As)];
        headers.AddRange(string.IsNullOrEmpty(user.AsUid) ? [] : [new("Impersonate-Uid", user.AsUid)]);
        headers.AddRange(groups.Select(group => KeyValuePair.Create("Impersonate-Group", group)));
        foreach (var (key, values) in user.AsUserExtra ?? [])
        {
            headers.Add(new($"Impersonate-Extra-{Uri.EscapeDataString(key)}", values.Count == 1
                ? values[0]
                : throw new KubeConfigException($"user.as-user-extra.{key}: this client can send one value for a key, and there are {values.Count}; leave one")));
        }

        return headers.Any(header => header.Value.Any(char.IsControl))
            ? throw new KubeConfigException("user: a name to impersonate has a control character")
            : headers;
    }
}

/// <summary>Adds headers to every request that passes, an exec's upgrade included.</summary>
internal sealed class HeaderAdding(IReadOnlyList<KeyValuePair<string, string>> headers) : DelegatingHandler
{
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
