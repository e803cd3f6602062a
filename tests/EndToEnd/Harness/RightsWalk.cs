using System.Text.Json.Nodes;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>Asks an API server, for everything that its discovery lists and every verb, what an account may do.</summary>
internal sealed class RightsWalk(Kubernetes admin)
{
    private const int AtOnce = 16;

    private static readonly string[] Verbs =
        ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "bind", "escalate", "impersonate"];

    // What RBAC knows and discovery does not list: whom one may impersonate, and everything at once.
    private static readonly (string Group, string Resource, string? Subresource)[] Unlisted = [("", "users", null), ("", "groups", null), ("*", "*", null)];

    /// <summary>What the account may do beyond what any account may; the places are namespaces, and null for the whole cluster.</summary>
    public async Task<IReadOnlyList<string>> GrantedAsync(string @namespace, string account, params string?[] places)
    {
        var questions = Questions(await ResourcesAsync(), places).ToList();
        var everybody = AskAllAsync(@namespace, "captureflow-nobody-at-all", questions);
        var granted = await AskAllAsync(@namespace, account, questions);
        return [.. granted.Except(await everybody).Order(StringComparer.Ordinal)];
    }

    /// <summary>What the source declares, in the words of <see cref="GrantedAsync"/>.</summary>
    public async Task<IReadOnlyList<string>> DeclaredAsync(IReadOnlyList<Right> rights, string @namespace, params string?[] places) =>
    [
        .. Questions(await ResourcesAsync(), places)
            .Where(asked => rights.Any(right => Covers(right, asked, @namespace)))
            .Select(asked => asked.ToString())
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Those of the rights that whoever the client is lacks, asked as itself.</summary>
    public static async Task<IReadOnlyList<Right>> MissingAsync(IKubernetes client, string @namespace, IReadOnlyList<Right> rights)
    {
        List<Right> missing = [];
        foreach (var right in rights)
        {
            var review = new V1SelfSubjectAccessReview { Spec = new() { ResourceAttributes = right.In(@namespace) } };
            if (!(await client.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review)).Status.Allowed)
            {
                missing.Add(right);
            }
        }

        return missing;
    }

    private static bool Covers(Right right, AskedRight asked, string @namespace) =>
        (right.Verb, right.Group, right.Resource, right.Subresource) == (asked.Verb, asked.Group, asked.Resource, asked.Subresource)
        && (right.Name is null || right.Name == asked.Name)
        && (right.ClusterWide || asked.Place == @namespace);

    private static IEnumerable<AskedRight> Questions(IReadOnlyList<(string Group, string Resource, string? Subresource)> resources, string?[] places) =>
        from resource in resources
        from verb in Verbs
        from place in places
        from name in resource.Group == GrantMarks.RbacGroup ? new[] { null, GrantMarks.Role, GrantMarks.NodeRole, "cluster-admin" } : [null]
        select new AskedRight(verb, resource.Group, resource.Resource, resource.Subresource, name, place);

    private async Task<IReadOnlyList<string>> AskAllAsync(string @namespace, string account, List<AskedRight> questions)
    {
        var allowed = new bool[questions.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, questions.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (i, token) => allowed[i] = await MayAsync(@namespace, account, questions[i], token));
        return [.. questions.Where((_, i) => allowed[i]).Select(asked => asked.ToString())];
    }

    private async Task<bool> MayAsync(string @namespace, string account, AskedRight asked, CancellationToken cancellationToken)
    {
        var review = new V1SubjectAccessReview
        {
            Spec = new()
            {
                User = $"system:serviceaccount:{@namespace}:{account}",
                Groups = ["system:serviceaccounts", $"system:serviceaccounts:{@namespace}", "system:authenticated"],
                ResourceAttributes = new()
                {
                    Verb = asked.Verb,
                    Group = asked.Group,
                    Resource = asked.Resource,
                    Subresource = asked.Subresource,
                    Name = asked.Name,
                    NamespaceProperty = asked.Place,
                },
            },
        };
        var answer = await admin.AuthorizationV1.CreateSubjectAccessReviewAsync(review, cancellationToken: cancellationToken);
        Assert.True(answer.Status.EvaluationError is null or "", $"{asked}: {answer.Status.EvaluationError}");
        return answer.Status.Allowed;
    }

    private async Task<IReadOnlyList<(string Group, string Resource, string? Subresource)>> ResourcesAsync()
    {
        List<string> lists = ["/api/v1"];
        lists.AddRange((await GetAsync("/apis"))["groups"]!.AsArray()
            .SelectMany(group => group!["versions"]!.AsArray())
            .Select(version => $"/apis/{version!["groupVersion"]!.GetValue<string>()}"));
        HashSet<(string, string, string?)> found = [.. Unlisted];
        foreach (var path in lists)
        {
            var group = path.Split('/') is [_, "apis", var name, _] ? name : "";
            foreach (var resource in (await GetAsync(path))["resources"]!.AsArray())
            {
                var parts = resource!["name"]!.GetValue<string>().Split('/', 2);
                found.Add((group, parts[0], parts.ElementAtOrDefault(1)));
            }
        }

        Assert.Contains(("", "pods", "exec"), found);
        return [.. found];
    }

    private async Task<JsonNode> GetAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(admin.BaseUri, path));
        if (admin.Credentials is not null)
        {
            await admin.Credentials.ProcessHttpRequestAsync(request, CancellationToken.None);
        }

        using var response = await admin.HttpClient.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.IsSuccessStatusCode, $"{path}: {body}");
        return JsonNode.Parse(body)!;
    }
}
