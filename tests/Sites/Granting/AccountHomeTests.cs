using System.Text.Json.Nodes;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Tests.Clusters;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Granting;

/// <summary>A capture's account lives in CaptureFlow's own namespace; beside its binding only where CaptureFlow has none.</summary>
public sealed class AccountHomeTests : IDisposable
{
    private const string Own = "captureflow";

    private static readonly string[] OfAccounts = ["create serviceaccounts", "get serviceaccounts", "delete serviceaccounts", "create serviceaccounts/token"];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(null, "captureflow", true, Own)]
    [InlineData(null, "captureflow shop", true, Own)]
    // An administrator, on a cluster where nothing is installed.
    [InlineData(null, "captureflow shop", false, null)]
    // An administrator of one namespace.
    [InlineData(null, "shop", true, null)]
    [InlineData("vault", "vault shop", false, "vault")]
    [InlineData("", "captureflow shop", true, null)]
    [InlineData("shop", "shop", true, null)]
    public async Task Plan_ByWhereItMayKeepAccounts_SaysWhereThisOneLives(string? setting, string mayIn, bool exists, string? home)
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, mayIn.Split(' '), exists));
        using var sites = Sites(server, setting);

        var checkedFirst = await sites.Site.CheckAsync(SiteUnderTest.Order(null), CancellationToken.None);
        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);

        Assert.True(planned.Succeeded, string.Join('\n', planned.Faults));
        Assert.Equal(home, planned.Value.AccountNamespace);
        var said = Assert.Single(checkedFirst.Checks, check => check.Name == "account");
        Assert.Equal(home is null ? PreflightOutcome.Warned : PreflightOutcome.Passed, said.Outcome);
        Assert.Contains(home is null ? "whoever may create pods there" : $"own namespace {home}", said.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "elsewhere", Own)]
    // What the settings name is not passed over.
    [InlineData("vault", "captureflow shop", "vault")]
    [InlineData("", "captureflow", "shop")]
    public async Task Plan_MayKeepNoAccount_NamesTheRightsAndWhere(string? setting, string mayIn, string where)
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, mayIn.Split(' '), exists: true));
        using var sites = Sites(server, setting);

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);

        // One fault, since one manifest mends it; each right that somebody may want to give by itself is in the detail.
        var fault = Assert.Single(planned.Faults);
        Assert.Equal(FaultCodes.RightMissing, fault.Code);
        Assert.Equal($"CaptureFlow's own identity may not {string.Join(", ", OfAccounts)} in namespace '{where}'.", fault.Message);
        Assert.StartsWith("kubectl apply -k infra/kubernetes/base;", fault.Remedy, StringComparison.Ordinal);
        Assert.Equal(
            [.. OfAccounts.Select(right => right.Split(' ')).Select(words =>
                $"kubectl -n {where} create role captureflow-{words[0]}-{words[1].Replace('/', '-')} --verb={words[0]} --resource={words[1]}")],
            fault.Detail!.Split("; "));
    }

    [Fact]
    public async Task Revoke_OfAPlanWithAHome_AsksInBothNamespaces()
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, [], exists: true));
        using var sites = Sites(server, null);
        CapturePlan plan = new(
            SiteUnderTest.Order(null), "pod", "uid", "node", "image", [], null, 0, TimeSpan.FromMinutes(1), "all", [], DateTimeOffset.UnixEpoch) { AccountNamespace = Own };
        var id = plan.Order.CaptureId;

        var proof = await sites.Site.EnsureRevokedAsync(plan, CancellationToken.None);
        var before = await sites.Site.EnsureRevokedAsync(plan with { AccountNamespace = null }, CancellationToken.None);

        Assert.Equal(
            [
                $"container shop/web {id}", $"rolebinding shop/{id}", $"serviceaccount {Own}/{id}", $"may system:serviceaccount:{Own}:{id} create pods/exec in shop",
                $"may system:serviceaccount:{Own}:{id} patch pods/ephemeralcontainers in shop", $"token of system:serviceaccount:{Own}:{id}",
            ],
            proof.Answers.Select(answer => answer.Question));
        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Equal(
            [
                $"container shop/web {id}", $"rolebinding shop/{id}", $"serviceaccount shop/{id}", $"may system:serviceaccount:shop:{id} create pods/exec",
                $"may system:serviceaccount:shop:{id} patch pods/ephemeralcontainers", $"token of system:serviceaccount:shop:{id}",
            ],
            before.Answers.Select(answer => answer.Question));
    }

    private SiteUnderTest Sites(FakeApiServer server, string? setting) =>
        new(("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t"))), ("Cluster:AccountNamespace", setting));

    // Everything but accounts may be made everywhere, and no other account's rights live on.
    private static async Task AnswerAsync(HttpContext context, string[] mayIn, bool exists)
    {
        const string pod = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","uid":"u-1"},
             "spec":{"nodeName":"node-1","containers":[{"name":"app","image":"x"}]},
             "status":{"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"app","ready":true,"state":{"running":{}}}]}}
            """;
        var path = context.Request.Path.Value!;
        if (path.EndsWith("subjectaccessreviews", StringComparison.Ordinal))
        {
            var asked = (await JsonNode.ParseAsync(context.Request.Body))!["spec"]!;
            var what = asked["resourceAttributes"]!;
            var allowed = asked["user"] is null && (what["resource"]!.GetValue<string>() != "serviceaccounts" || mayIn.Contains(what["namespace"]?.GetValue<string>()));
            await FakeApiServer.JsonAsync(
                context, 201, $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{},"status":{"allowed":{{{(allowed ? "true" : "false")}}}}}""");
            return;
        }

        await (path switch
        {
            "/api/v1/namespaces/shop/pods/web" => FakeApiServer.JsonAsync(context, 200, pod),
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/captureflow-capture" => FakeApiServer.JsonAsync(context, 200, FakeApiServer.Role),
            "/api/v1/namespaces/captureflow/serviceaccounts/default" when exists =>
                FakeApiServer.JsonAsync(context, 200, """{"apiVersion":"v1","kind":"ServiceAccount","metadata":{"name":"default","namespace":"captureflow"}}"""),
            _ => FakeApiServer.JsonAsync(context, 404, """{"kind":"Status","status":"Failure","message":"none","reason":"NotFound","code":404}"""),
        });
    }
}
