using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using CaptureFlow.Sites.Tests.Clusters;
using CaptureFlow.Sites.Tests.Transfer;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Sites.Tests.Revoking;

/// <summary>What the API server refuses of a revoke keeps nothing else from being taken back.</summary>
public sealed class RevokingTests : IDisposable
{
    private const string Witness = "witness";

    private readonly TempFolder _folder = new();
    private readonly CapturePlan _plan = new(
        SiteUnderTest.Order(null), "pod", "uid", "node", "image", [], null, 0, TimeSpan.FromMinutes(1), "all", [], DateTimeOffset.UnixEpoch);

    private readonly HashSet<string> _there = ["rolebindings", "serviceaccounts"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("DELETE", "/rolebindings/", "serviceaccounts")]
    [InlineData("DELETE", "/serviceaccounts/", "rolebindings")]
    [InlineData("GET", "/rolebindings/", "serviceaccounts")]
    [InlineData("GET", "/serviceaccounts/", "rolebindings")]
    [InlineData("GET", "/pods/", "serviceaccounts", "rolebindings")]
    public async Task Revoke_OneCallRefused_TakesTheRestBackAndSaysSo(string method, string path, params string[] gone)
    {
        await using var server = await FakeApiServer.StartAsync(context =>
            context.Request.Method == method && context.Request.Path.Value!.Contains(path, StringComparison.Ordinal) ? RefuseAsync(context) : AnswerAsync(context));
        using var sites = Sites(server);

        var thrown = await Assert.ThrowsAsync<StepUnavailableException>(() => sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None));

        Assert.Contains("403 Forbidden: not you", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_there, gone.Contains);
    }

    [Fact]
    public async Task Revoke_Grant_TakesTheAccountBeforeItsBinding()
    {
        await using var server = await FakeApiServer.StartAsync(AnswerAsync);
        using var sites = Sites(server);

        await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.Equal(
            ["serviceaccounts", "rolebindings"],
            server.Asked.Where(asked => asked.Path.StartsWith("DELETE", StringComparison.Ordinal)).Select(asked => asked.Path.Split('/')[^2]));
    }

    [Fact]
    public async Task Revoke_NoTokenCanBeMinted_IsProvenByTheAccountsEnd()
    {
        await using var server = await FakeApiServer.StartAsync(context =>
            context.Request.Path.Value!.EndsWith("/token", StringComparison.Ordinal) ? RefuseAsync(context) : AnswerAsync(context));
        using var sites = Sites(server);

        var proof = await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.True(proof.Proven);
        Assert.Empty(_there);
        Assert.Contains("(403 Forbidden: not you)", proof.Answers[^1].Answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Revoke_NothingRefused_ShowsTheTokenThatWasNeverUsed()
    {
        await using var server = await FakeApiServer.StartAsync(AnswerAsync);
        using var sites = Sites(server);

        var proof = await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.True(proof.Proven);
        Assert.Equal("401 Unauthorized: no longer", proof.Answers[^1].Answer);
        Assert.Single(server.Asked, asked => asked.Authorization == $"Bearer {Witness}");
    }

    [Fact]
    public async Task Revoke_TapHasNotBegun_IsAskedAgainUnderTheSamePermission()
    {
        Queue<int> exits = new([TapScripts.NotBegun, TapScripts.NotBegun, 0]);
        await using var server = await FakeApiServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/v1/namespaces/shop/pods/web/exec" => ExitAsync(context, exits.Dequeue()),
            "/api/v1/namespaces/shop/pods/web" => FakeApiServer.JsonAsync(context, 200, Pod(running: exits.Count > 0)),
            _ => AnswerAsync(context),
        });
        using var sites = Sites(server);

        var proof = await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Empty(exits);
        Assert.DoesNotContain(server.Asked, Grants);
    }

    [Theory]
    [InlineData("")]
    [InlineData("""{"waiting":{"reason":"ContainerCreating"}}""")]
    public async Task Revoke_ContainerIsBeingMade_IsAskedUntilItHears(string before)
    {
        var deaf = 3;
        var ended = false;
        await using var server = await FakeApiServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/v1/namespaces/shop/pods/web/exec" when deaf-- > 0 => FakeApiServer.JsonAsync(
                context, 400, """{"kind":"Status","status":"Failure","message":"container not found","reason":"BadRequest","code":400}"""),
            "/api/v1/namespaces/shop/pods/web/exec" => ExitAsync(context, 0, () => ended = true),
            "/api/v1/namespaces/shop/pods/web" => FakeApiServer.JsonAsync(context, 200, ended ? Pod(running: false) : Pod(before)),
            _ => AnswerAsync(context),
        });
        using var sites = Sites(server);

        var proof = await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.DoesNotContain(server.Asked, Grants);
    }

    [Theory]
    [InlineData("""{"waiting":{"reason":"ContainerCreating"}}""", "", "waiting: ContainerCreating")]
    [InlineData("""{"running":{}}""", ""","deletionTimestamp":"2026-01-01T00:00:00Z","deletionGracePeriodSeconds":1""", "running")]
    public async Task Revoke_AnotherPermissionWouldChangeNothing_MakesNone(string state, string metadata, string seen)
    {
        _there.Clear();
        await using var server = await FakeApiServer.StartAsync(context => context.Request.Path.Value == "/api/v1/namespaces/shop/pods/web"
            ? FakeApiServer.JsonAsync(context, 200, Pod(state, metadata))
            : AnswerAsync(context));
        using var sites = Sites(server);

        var proof = await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.False(proof.Proven);
        Assert.Contains(proof.Answers, answer => answer.Answer == seen);
        Assert.DoesNotContain(server.Asked, Grants);
    }

    [Fact]
    public async Task Revoke_ReleaseIsKilledWithItsContainer_IsNotAskedAgain()
    {
        var exits = 0;
        await using var server = await FakeApiServer.StartAsync(context => context.Request.Path.Value switch
        {
            "/api/v1/namespaces/shop/pods/web/exec" => ExitAsync(context, TapScripts.Killed, () => exits++),
            "/api/v1/namespaces/shop/pods/web" => FakeApiServer.JsonAsync(context, 200, Pod(running: exits == 0)),
            _ => AnswerAsync(context),
        });
        using var sites = Sites(server);

        var proof = await sites.Site.EnsureRevokedAsync(_plan, CancellationToken.None);

        Assert.True(proof.Proven, string.Join('\n', proof.Answers));
        Assert.Equal(1, exits);
    }

    private static bool Grants((string Path, string Authorization) asked) =>
        asked.Path.StartsWith("POST", StringComparison.Ordinal) && asked.Path.EndsWith("/serviceaccounts", StringComparison.Ordinal);

    private static async Task ExitAsync(HttpContext context, int code, Action? done = null)
    {
        done?.Invoke();
        using var socket = await context.WebSockets.AcceptWebSocketAsync("v4.channel.k8s.io");
        await ExecServer.SendStatusAsync(socket, code == 0 ? ExecServer.Success : ExecServer.Exited(code));
        await ExecServer.CloseAsync(socket);
    }

    private string Pod(bool running) => Pod(running ? """{"running":{}}""" : """{"terminated":{"exitCode":0,"reason":"Completed"}}""");

    // As it says of the tap; nothing yet, where the state is empty.
    private string Pod(string state, string metadata = "") => $$$"""
        {"apiVersion":"v1","kind":"Pod","metadata":{"name":"web","namespace":"shop","uid":"{{{_plan.PodUid}}}"{{{metadata}}}},
        "spec":{"containers":[],"ephemeralContainers":[{"name":"{{{_plan.Order.CaptureId}}}"}]},
        "status":{"phase":"Running","ephemeralContainerStatuses":[{{{(state.Length == 0 ? "" : $$"""
        {"name":"{{_plan.Order.CaptureId}}","image":"i","imageID":"i","ready":false,"restartCount":0,"state":{{state}}}
        """)}}}]}}
        """;

    private SiteUnderTest Sites(FakeApiServer server) => new(
        ("Cluster:KubeConfig", _folder.Write("config", server.KubeConfig("token"))), ("Cluster:RetryFor", "00:00:01"));

    private static Task RefuseAsync(HttpContext context) =>
        FakeApiServer.JsonAsync(context, 403, """{"kind":"Status","status":"Failure","message":"not you","reason":"Forbidden","code":403}""");

    // One account and one binding, which are there until they are deleted; no pod.
    private Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith("/token", StringComparison.Ordinal))
        {
            return FakeApiServer.JsonAsync(context, 201, $$$"""{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{"audiences":[]},"status":{"token":"{{{Witness}}}","expirationTimestamp":"2999-01-01T00:00:00Z"}}""");
        }

        if (context.Request.Headers.Authorization == $"Bearer {Witness}")
        {
            return FakeApiServer.JsonAsync(context, 401, """{"kind":"Status","status":"Failure","message":"no longer","reason":"Unauthorized","code":401}""");
        }

        if (path.EndsWith("subjectaccessreviews", StringComparison.Ordinal))
        {
            return FakeApiServer.JsonAsync(context, 201, """{"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","spec":{},"status":{"allowed":false}}""");
        }

        var kind = _there.SingleOrDefault(it => path.Contains($"/{it}/", StringComparison.Ordinal));
        if (kind is null)
        {
            return FakeApiServer.JsonAsync(context, 404, """{"kind":"Status","status":"Failure","message":"none","reason":"NotFound","code":404}""");
        }

        if (context.Request.Method == "DELETE")
        {
            _there.Remove(kind);
        }

        return FakeApiServer.JsonAsync(
            context,
            200,
            $$$"""
            {"metadata":{"name":"{{{_plan.Order.CaptureId}}}","namespace":"shop","uid":"{{{kind}}}",
            "labels":{"app.kubernetes.io/managed-by":"captureflow","captureflow.io/capture-id":"{{{_plan.Order.CaptureId}}}"} } }
            """);
    }
}
