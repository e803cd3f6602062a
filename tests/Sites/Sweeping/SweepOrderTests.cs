using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using CaptureFlow.Sites.Tests.Clusters;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Sweeping;

/// <summary>Every expired grant is taken back before the first tap is looked at, and a tap on a dead node makes no new one.</summary>
public sealed class SweepOrderTests : IDisposable
{
    private const string Expired = "cf-0000000000000001";
    private const string OnDeadNode = "cf-0000000000000002";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_ExpiredGrantsAndATapOnADeadNode_GrantsFirstAndTheNodeByName()
    {
        HashSet<string> gone = [];
        await using var server = await FakeApiServer.StartAsync(context => AnswerAsync(context, gone));
        using var sites = new SiteUnderTest(("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("t"))));

        var report = await sites.Site.SweepAsync(CancellationToken.None);

        Assert.Equal(
            [("rolebinding", Expired, SweepOutcome.Removed, null), ("serviceaccount", Expired, SweepOutcome.Removed, null), ("container", OnDeadNode, SweepOutcome.Failed, "skipped: node node-9 is not ready (NodeStatusUnknown)")],
            report.Findings.Select(found => (found.Kind, found.CaptureId, found.Outcome, found.Detail)));
        var asked = server.Asked.Select(it => it.Path).ToList();
        Assert.InRange(asked.IndexOf("GET /api/v1/pods"), asked.FindLastIndex(path => path.StartsWith("DELETE", StringComparison.Ordinal)), asked.Count);
        Assert.DoesNotContain(asked, path => path.StartsWith("POST", StringComparison.Ordinal) && path.EndsWith("/serviceaccounts", StringComparison.Ordinal));
        Assert.Empty(report.Faults);
    }

    private static Task AnswerAsync(HttpContext context, HashSet<string> gone)
    {
        var path = context.Request.Path.Value!;
        var kind = path.Contains("/rolebindings", StringComparison.Ordinal) ? "rolebindings" : path.Contains("/serviceaccounts", StringComparison.Ordinal) ? "serviceaccounts" : "";
        if (kind.Length > 0 && path.EndsWith(Expired, StringComparison.Ordinal))
        {
            _ = context.Request.Method == "DELETE" && gone.Add(kind);
            return context.Request.Method == "DELETE" || !gone.Contains(kind)
                ? FakeApiServer.JsonAsync(context, 200, Grant(kind))
                : FakeApiServer.JsonAsync(context, 404, """{"kind":"Status","status":"Failure","message":"none","reason":"NotFound","code":404}""");
        }

        return path switch
        {
            "/api/v1/pods" => FakeApiServer.JsonAsync(context, 200, Pods()),
            "/api/v1/nodes/node-9" => FakeApiServer.JsonAsync(
                context, 200, """{"apiVersion":"v1","kind":"Node","metadata":{"name":"node-9"},"status":{"conditions":[{"type":"Ready","status":"Unknown","reason":"NodeStatusUnknown"}]}}"""),
            _ when kind.Length > 0 => FakeApiServer.JsonAsync(context, 200, $$"""{"apiVersion":"v1","kind":"List","metadata":{},"items":[{{Grant(kind)}}]}"""),
            _ => FakeApiServer.Empty(context),
        };
    }

    private static string Grant(string kind) => $$$"""
        {"metadata":{"name":"{{{Expired}}}","namespace":"shop","uid":"{{{kind}}}","creationTimestamp":"2026-01-01T00:00:00Z",
        "labels":{"app.kubernetes.io/managed-by":"captureflow","captureflow.io/capture-id":"{{{Expired}}}"},
        "annotations":{"captureflow.io/expires-at":"2026-01-01T00:20:00Z"}},
        "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"captureflow-capture"}}
        """;

    // As made for a capture: its deadline is in its own environment.
    private static string Pods()
    {
        var order = SiteUnderTest.Order(null) with { CaptureId = OnDeadNode };
        CapturePlan plan = new(order, "pod", "uid", "node-9", "image", ["tcpdump"], null, 0, TimeSpan.FromMinutes(1), "", [], DateTimeOffset.UnixEpoch);
        Grant grant = new("shop", OnDeadNode, "a", "b", GrantMarks.Role, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddHours(1));
        var container = k8s.KubernetesJson.Serialize(TapSpec.Build(plan, grant, new()));
        return $$$$"""
            {"apiVersion":"v1","kind":"PodList","metadata":{},"items":[{"metadata":{"name":"web","namespace":"shop","uid":"uid"},
            "spec":{"nodeName":"node-9","containers":[],"ephemeralContainers":[{{{{container}}}}]},
            "status":{"phase":"Running","ephemeralContainerStatuses":[{"name":"{{{{OnDeadNode}}}}","image":"i","imageID":"i","ready":false,"restartCount":0,"state":{"running":{"startedAt":"1970-01-01T00:00:00Z"}}}]}}]}
            """;
    }
}
