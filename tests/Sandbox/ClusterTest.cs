using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;

namespace CaptureFlow.Sandbox.Tests;

/// <summary>What tests against the cluster share: an administrator, a namespace of their own, pods that are waited for.</summary>
public abstract class ClusterTest : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly ClusterFixture _fixture;

    protected ClusterTest(ClusterFixture fixture)
    {
        ClusterFixture.RequireMachine();
        _fixture = fixture;
        Admin = ApiUser.Of(fixture.Cluster.AdminKubeconfig);
        Nobody = ApiUser.Of(fixture.Cluster.NobodyKubeconfig);
        Space = $"t{Guid.NewGuid():N}"[..16];
    }

    private protected SandboxCluster Cluster => _fixture.Cluster;

    private protected ApiUser Admin { get; }

    private protected ApiUser Nobody { get; }

    private protected string Space { get; }

    private protected string Pods => $"/api/v1/namespaces/{Space}/pods";

    public async ValueTask InitializeAsync()
    {
        var (code, _) = await Admin.PostAsync("/api/v1/namespaces", Json($"{{ metadata: {{ name: {Space} }} }}"));
        Assert.Equal(201, code);
    }

    public async ValueTask DisposeAsync()
    {
        await Admin.DeleteAsync($"/api/v1/namespaces/{Space}");
        Admin.Dispose();
        Nobody.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>An object in YAML's short form.</summary>
    private protected static JsonObject Json(string yaml) => Scenarios.YamlDocuments.Read(yaml).Single();

    private protected async Task<JsonNode> CreatePodAsync(string name, string spec)
    {
        var (code, body) = await Admin.PostAsync(Pods, Json($"{{ metadata: {{ name: {name} }}, spec: {spec} }}"));
        Assert.True(code == 201, body?.ToText());
        return body!;
    }

    private protected async Task<JsonNode> CreateSleeperAsync(string name)
    {
        await CreatePodAsync(name, "{ containers: [ { name: main, image: nicolaka/netshoot, command: [sleep, infinity] } ] }");
        return await WaitForPodAsync(name, pod => pod.Text("status", "phase") == "Running");
    }

    private protected Task<JsonNode> WaitForPodAsync(string name, Func<JsonNode, bool> holds) => WaitForAsync($"{Pods}/{name}", holds);

    private protected async Task<JsonNode> WaitForAsync(string path, Func<JsonNode, bool> holds)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            var (_, body) = await Admin.GetAsync(path);
            if (holds(body!))
            {
                return body!;
            }

            Assert.False(limit.IsCancellationRequested, $"Not so in time: {body?.ToText()}");
            await Task.Delay(20);
        }
    }

    private protected static JsonObject EphemeralPatch(string container) => Json($"{{ spec: {{ ephemeralContainers: [ {container} ] }} }}");

    private protected static JsonNode? EphemeralState(JsonNode pod, string name) =>
        pod.Items("status", "ephemeralContainerStatuses").FirstOrDefault(status => status.Text("name") == name).At("state");
}
