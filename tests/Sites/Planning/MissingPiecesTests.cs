using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Tests.Clusters;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Planning;

/// <summary>What a cluster lacks for a capture is said by the plan, all of it at once.</summary>
public sealed class MissingPiecesTests : IDisposable
{
    private const string NotFound = """{"kind":"Status","status":"Failure","message":"none","reason":"NotFound","code":404}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Plan_AdministratorWhereNothingIsInstalled_SaysThatTheRoleIsMissing()
    {
        await using var server = await FakeApiServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/v1/namespaces/shop/pods/web" => FakeApiServer.JsonAsync(context, 200, Pod),
            var path when path!.EndsWith("accessreviews", StringComparison.Ordinal) => FakeApiServer.Empty(context),
            _ => FakeApiServer.JsonAsync(context, 404, NotFound),
        });
        using var sites = Sites(server);

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);

        var fault = Assert.Single(planned.Faults);
        Assert.Equal((FaultCodes.GrantNotEffective, "There is no ClusterRole captureflow-capture to bind a capture's account to."), (fault.Code, fault.Message));
        Assert.Contains("kubectl apply -k infra/kubernetes/base", fault.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plan_MayNotReadRoles_IsNotHeldUpByThat()
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, what => what != "get clusterroles"));
        using var sites = Sites(server);

        var planned = await sites.Site.PlanAsync(SiteUnderTest.Order(null), CancellationToken.None);

        Assert.True(planned.Succeeded, string.Join('\n', planned.Faults));
        Assert.DoesNotContain(server.Asked, asked => asked.Path.Contains("clusterroles", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Resolve_NoRightsAtAll_NamesThoseOfTheCapturesToo()
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, _ => false));
        using var sites = Sites(server);
        var one = SiteUnderTest.Order(null);
        FleetOrder order = new(one.CaptureId, new("shop", "deployment/web", null), one.Window, null, "tests", null, DateTimeOffset.UnixEpoch);

        var resolved = await sites.Site.ResolveAsync(order, CancellationToken.None);

        var said = resolved.Faults.Select(fault => fault.Message).ToList();
        Assert.All(
            (string[])["list pods", "get deployments.apps", "get pods", "create rolebindings", "bind clusterroles", "create subjectaccessreviews", "create serviceaccounts", "create serviceaccounts/token"],
            right => Assert.Single(said, message => Regex.IsMatch(message, $@"(may not|,|nor) {right}[,. ]")));
        Assert.Equal(
            ["kubectl apply -k infra/kubernetes/all-namespaces", "kubectl apply -k infra/kubernetes/base"],
            resolved.Faults.Select(fault => fault.Remedy.Split(';')[0]));
    }

    [Fact]
    public async Task Plan_OnANodeWithNoRightsAtAll_NamesThoseOfTheMethodToo()
    {
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, _ => false));
        using var sites = Sites(server);
        var order = SiteUnderTest.Order(null);

        var planned = await sites.Site.PlanAsync(order with { Target = order.Target with { Method = CaptureMethods.Node } }, CancellationToken.None);

        var said = planned.Faults.Select(fault => fault.Message).ToList();
        Assert.All(
            (string[])["get nodes", "get pods", "create rolebindings", "create serviceaccounts", "bind clusterroles"],
            right => Assert.Contains(said, message => Regex.IsMatch(message, $@"(may not|,|nor) {right}[,. ]")));
        Assert.Equal(
            ["kubectl apply -k infra/kubernetes/all-namespaces", "kubectl apply -k infra/kubernetes/node"],
            planned.Faults.Select(fault => fault.Remedy.Split(';')[0]));
    }

    [Fact]
    public async Task Grant_ConflictsOfBothKinds_AreNotTakenForANameThatIsThere()
    {
        Queue<string> conflicts = new(["the object has been modified; please apply your changes to the latest version and try again"]);
        await using var server = await FakeApiServer.StartAsync(context => (context.Request.Method, context.Request.Path.Value!) switch
        {
            ("POST", var path) when path.EndsWith("/serviceaccounts", StringComparison.Ordinal) && conflicts.TryDequeue(out var words) =>
                FakeApiServer.JsonAsync(context, 409, Conflict($"Operation cannot be fulfilled on resourcequotas \\\"q\\\": {words}")),
            ("POST", var path) when path.EndsWith("/serviceaccounts", StringComparison.Ordinal) => EchoAsync(context),
            ("POST", var path) when path.EndsWith("/rolebindings", StringComparison.Ordinal) => FakeApiServer.JsonAsync(context, 409, Conflict("the namespace is in another hand")),
            _ => FakeApiServer.Empty(context),
        });
        using var sites = Sites(server);
        CapturePlan plan = new(SiteUnderTest.Order(null), "pod", "uid", "node", "image", [], null, 0, TimeSpan.FromMinutes(1), "all", [], DateTimeOffset.UnixEpoch);

        var granted = await sites.Site.EnsureGrantAsync(plan, CancellationToken.None);

        var fault = Assert.Single(granted.Faults);
        Assert.Equal(FaultCodes.ClusterRefused, fault.Code);
        Assert.Contains("the namespace is in another hand", fault.Detail, StringComparison.Ordinal);
        Assert.Equal(2, server.Asked.Count(asked => asked.Path == "POST /api/v1/namespaces/shop/serviceaccounts"));
    }

    private const string Pod = """
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","uid":"u-1"},
         "spec":{"nodeName":"node-1","containers":[{"name":"app","image":"x"}]},
         "status":{"phase":"Running","podIP":"10.0.0.1","containerStatuses":[{"name":"app","ready":true,"state":{"running":{}}}]}}
        """;

    private static string Conflict(string words) => $$"""{"kind":"Status","status":"Failure","message":"{{words}}","reason":"Conflict","code":409}""";

    private static async Task EchoAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        await FakeApiServer.JsonAsync(context, 201, await reader.ReadToEndAsync());
    }

    private static async Task AnswerAsync(HttpContext context, Func<string, bool> may)
    {
        if (!context.Request.Path.Value!.EndsWith("accessreviews", StringComparison.Ordinal))
        {
            await (context.Request.Path.Value == "/api/v1/namespaces/shop/pods/web" ? FakeApiServer.JsonAsync(context, 200, Pod) : FakeApiServer.Empty(context));
            return;
        }

        var asked = (await JsonNode.ParseAsync(context.Request.Body))!["spec"]!["resourceAttributes"]!;
        var allowed = may($"{asked["verb"]} {asked["resource"]}");
        await FakeApiServer.JsonAsync(
            context, 201, $$$"""{"apiVersion":"authorization.k8s.io/v1","kind":"SelfSubjectAccessReview","spec":{},"status":{"allowed":{{{(allowed ? "true" : "false")}}}}}""");
    }

    private SiteUnderTest Sites(FakeApiServer server) => new(("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t"))));
}
