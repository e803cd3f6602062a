using System.Net;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.DependencyInjection;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>RBAC in both directions: what the source uses is granted, and nothing else that the API server knows of.</summary>
public sealed class RightsWalkTests(RightsWalkTests.Shop fixture) : IClassFixture<RightsWalkTests.Shop>
{
    private const string OwnAccount = "captureflow";
    private static readonly CancellationToken None = CancellationToken.None;

    // Where CaptureFlow may capture, where it may not, and the whole cluster.
    private static readonly string?[] Places = ["shop", "default", "captureflow", null];

    [Fact]
    public async Task OwnIdentity_EveryVerbOnEveryResource_MayExactlyWhatTheSourceDeclares()
    {
        var walk = new RightsWalk(fixture.Sandbox.Admin);
        using var own = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(fixture.Sandbox.CaptureFlowKubeconfig));

        var granted = await walk.GrantedAsync("captureflow", OwnAccount, Places);

        var inShop = await walk.DeclaredAsync(DeclaredRights.Own, "shop", Places);
        var atHome = await walk.DeclaredAsync(DeclaredRights.AtHome, "captureflow", Places);
        Assert.Equal(inShop.Union(atHome).Order(StringComparer.Ordinal), granted);
        Assert.Empty(await RightsWalk.MissingAsync(own, "shop", DeclaredRights.Own));
        Assert.Empty(await RightsWalk.MissingAsync(own, "captureflow", DeclaredRights.AtHome));
        Assert.DoesNotContain(inShop, right => right.Contains("serviceaccounts", StringComparison.Ordinal));
    }

    [Fact]
    public async Task CapturesAccount_WhileItsGrantLives_MayExactlyWhatTheSourceDeclares()
    {
        var walk = new RightsWalk(fixture.Sandbox.Admin);
        await using var services = SiteAlone.Build(fixture.Sandbox.CaptureFlowKubeconfig, "shop", "nicolaka/netshoot:v0.13");
        var site = services.GetRequiredService<ICaptureSite>();
        var plan = Value(await site.PlanAsync(Order("quiet"), None));
        var grant = Value(await site.EnsureGrantAsync(plan, None));

        var granted = await walk.GrantedAsync("captureflow", grant.Name, Places);
        var proof = await site.EnsureRevokedAsync(plan, None);
        var left = await walk.GrantedAsync("captureflow", grant.Name, Places);

        Assert.Equal(await walk.DeclaredAsync(Right.OfCapture, "shop", Places), granted);
        Assert.True(proof.Proven);
        Assert.Empty(left);
    }

    [Fact]
    public async Task RevokedToken_ShownToTheApiServer_IsRefusedInTheWordsOfTheManifest()
    {
        var sandbox = fixture.Sandbox;
        using var state = new TemporaryFolder();
        await using var host = await HostWithin.StartAsync(state.Path, sandbox.CaptureFlowKubeconfig);
        var id = await host.Api.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.Api.WhenAsync(id, "capturing");
        var request = new Authenticationv1TokenRequest { Spec = new() { Audiences = [], ExpirationSeconds = 600 } };
        var minted = await sandbox.Admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, id, "captureflow");
        using var account = As(sandbox, minted.Status.Token);
        var before = await account.CoreV1.ReadNamespacedPodAsync("web", "shop");

        await host.Api.PostAsync($"/api/captures/{id}/stop");
        await host.Api.WhenEndedAsync(id);
        var refusal = await Assert.ThrowsAsync<HttpOperationException>(() => account.CoreV1.ReadNamespacedPodAsync("web", "shop"));
        var manifest = await host.Api.ManifestAsync(id);

        Assert.Equal("web", before.Metadata.Name);
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.Response.StatusCode);
        var words = KubernetesJson.Deserialize<V1Status>(refusal.Response.Content);
        var token = manifest.Revocation!.Answers.Single(answer => answer.Question.StartsWith("token of ", StringComparison.Ordinal));
        Assert.Equal(($"token of system:serviceaccount:captureflow:{id}", "401 Unauthorized", true), (token.Question, token.Expected, token.Holds));
        Assert.Equal($"401 {words.Reason}: {words.Message}", token.Answer);
    }

    private static Kubernetes As(Harness.Sandbox sandbox, string token)
    {
        var admin = KubernetesClientConfiguration.BuildConfigFromConfigFile(sandbox.CaptureFlowKubeconfig);
        return new(new KubernetesClientConfiguration { Host = admin.Host, SslCaCerts = admin.SslCaCerts, AccessToken = token });
    }

    private static CaptureOrder Order(string pod) => new(
        CaptureIds.New(), new("shop", pod), new(TimeSpan.FromSeconds(1), 256, 1 << 20), null, "end-to-end test", null, TimeProvider.System.GetUtcNow());

    private static T Value<T>(StepResult<T> result)
        where T : class
    {
        Assert.True(result.Succeeded, string.Join('\n', result.Faults));
        return result.Value;
    }

    /// <summary>A sandbox where CaptureFlow may capture in namespace shop alone.</summary>
    public sealed class Shop : IAsyncLifetime
    {
        private Harness.Sandbox? _sandbox;

        internal Harness.Sandbox Sandbox => _sandbox ?? throw new InvalidOperationException("The sandbox has not been started.");

        public async ValueTask InitializeAsync() => _sandbox = await Harness.Sandbox.StartAsync(onlyIn: "shop");

        public async ValueTask DisposeAsync()
        {
            if (_sandbox is not null)
            {
                await _sandbox.DisposeAsync();
            }
        }
    }
}
