using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>A sandbox cluster of the test's own, as a child process, with the shop in it and CaptureFlow's own rights applied.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private static readonly TimeSpan StartWithin = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly string _folder;

    private Sandbox(ChildProcess process, string folder)
    {
        _process = process;
        _folder = folder;
        Admin = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(Path.Combine(folder, "admin.kubeconfig")));
    }

    public Kubernetes Admin { get; }

    public string CaptureFlowKubeconfig => Path.Combine(_folder, "captureflow.kubeconfig");

    public string NobodyKubeconfig => Path.Combine(_folder, "nobody.kubeconfig");

    public static async Task<Sandbox> StartAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: the sandbox makes network namespaces");
        Assert.SkipUnless(File.Exists("/usr/bin/tcpdump") || File.Exists("/usr/sbin/tcpdump"), "needs tcpdump");
        var folder = Directory.CreateTempSubdirectory("captureflow-e2e-").FullName;
        var process = ChildProcess.Start(
            "captureflow-sandbox", "serve", "--scenario", "shop", "--folder", folder, "--until-stdin-closes", "--apply", OwnRights.Manifest(folder));
        await process.LineAsync("{\"ready\":true", StartWithin);
        return new Sandbox(process, folder);
    }

    /// <summary>Switches a fault on.</summary>
    public Task FaultAsync(object rule) => SendAsync(HttpMethod.Post, "/sandbox/faults", rule);

    public Task ClearFaultsAsync() => SendAsync(HttpMethod.Delete, "/sandbox/faults", null);

    /// <summary>Names of the accounts and bindings that CaptureFlow has made and not taken back.</summary>
    public async Task<IReadOnlyList<string>> LeftOversAsync()
    {
        const string ours = "app.kubernetes.io/managed-by=captureflow,captureflow.io/capture-id";
        var accounts = await Admin.CoreV1.ListServiceAccountForAllNamespacesAsync(labelSelector: ours);
        var bindings = await Admin.RbacAuthorizationV1.ListRoleBindingForAllNamespacesAsync(labelSelector: ours);
        return
        [
            .. accounts.Items.Select(item => $"serviceaccount {item.Namespace()}/{item.Name()}"),
            .. bindings.Items.Select(item => $"rolebinding {item.Namespace()}/{item.Name()}"),
        ];
    }

    /// <summary>The ephemeral containers of a capture in a pod, with their state.</summary>
    public async Task<IReadOnlyList<V1ContainerStatus>> TapsAsync(string captureId, string pod = "web")
    {
        var read = await Admin.CoreV1.ReadNamespacedPodAsync(pod, "shop");
        return [.. (read.Status.EphemeralContainerStatuses ?? []).Where(status => status.Name == captureId)];
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _process.EndAsync();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(Admin.BaseUri, path));
        if (body is not null)
        {
            request.Content = new StringContent(JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(body))!.ToJsonString(), null, "application/json");
        }

        using var response = await Admin.HttpClient.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }
}
