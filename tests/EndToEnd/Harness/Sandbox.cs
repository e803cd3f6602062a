using System.Net.Http.Json;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>A sandbox cluster of the test's own, as a child process, with the shop in it and CaptureFlow's own rights applied.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    private static readonly string Manifests = Path.Combine(AppContext.BaseDirectory, "infra", "kubernetes");

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

    public string AdminKubeconfig => Path.Combine(_folder, "admin.kubeconfig");

    public string NobodyKubeconfig => Path.Combine(_folder, "nobody.kubeconfig");

    /// <param name="onlyIn">The one namespace where CaptureFlow may capture; null for all.</param>
    /// <param name="nodes">Whether it may capture on nodes.</param>
    /// <param name="scenario">What is in it: the shop, or nothing.</param>
    public static async Task<Sandbox> StartAsync(string? onlyIn = null, bool nodes = false, string scenario = "shop")
    {
        Needs.Root();
        Needs.Packages("tcpdump", "iproute2", "util-linux", "mount");
        var folder = Directory.CreateTempSubdirectory("captureflow-e2e-").FullName;
        var process = ChildProcess.Start(
            "captureflow-sandbox", ["serve", "--scenario", scenario, "--orders-per-second", "5", "--folder", folder, "--until-stdin-closes", .. OwnRights(everywhere: onlyIn is null, nodes).SelectMany(file => (string[])["--apply", file])]);
        await process.LineAsync("{\"ready\":true", Until.Patience);
        var sandbox = new Sandbox(process, folder);
        if (onlyIn is not null)
        {
            var binding = await KubernetesYaml.LoadFromFileAsync<V1RoleBinding>(Path.Combine(Manifests, "namespaced", "binding.yaml"));
            await sandbox.Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(binding, onlyIn);
        }

        return sandbox;
    }

    /// <summary>Switches a fault on.</summary>
    public Task FaultAsync(object rule) => SendAsync(HttpMethod.Post, "/sandbox/faults", rule);

    public Task ClearFaultsAsync() => SendAsync(HttpMethod.Delete, "/sandbox/faults", null);

    public Task ClearFaultAsync(string id) => SendAsync(HttpMethod.Delete, $"/sandbox/faults/{id}", null);

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

    /// <summary>What was asked of the API server so far, oldest first.</summary>
    /// <param name="mentioning">Words of which the user or the path has one; none for everything that was asked.</param>
    public async Task<IReadOnlyList<AskedRequest>> RequestsAsync(params IEnumerable<string> mentioning)
    {
        var query = string.Join('&', mentioning.Select(word => $"mentioning={Uri.EscapeDataString(word)}"));
        using var response = await SendAsync(HttpMethod.Get, $"/sandbox/requests?{query}", null);
        return (await response.Content.ReadFromJsonAsync<List<AskedRequest>>())!;
    }

    /// <summary>The pods that captures on nodes have made and that are still there.</summary>
    public async Task<IReadOnlyList<V1Pod>> NodePodsAsync() => [.. (await Admin.CoreV1.ListNamespacedPodAsync("captureflow-nodes")).Items];

    /// <summary>Moves a grant's expiry, and with it nothing else, into the past, or to the time given.</summary>
    public async Task ExpireAsync(string captureId, string space = "shop", string at = "2000-01-01T00:00:00Z", bool? pod = null)
    {
        var patch = new V1Patch(
            $$$$"""{"metadata":{"annotations":{"captureflow.io/expires-at":"{{{{at}}}}"}}}""", V1Patch.PatchType.MergePatch);
        var accounts = await Admin.CoreV1.ListServiceAccountForAllNamespacesAsync(labelSelector: $"captureflow.io/capture-id={captureId}");
        await Admin.CoreV1.PatchNamespacedServiceAccountAsync(patch, captureId, Assert.Single(accounts.Items).Namespace());
        await Admin.RbacAuthorizationV1.PatchNamespacedRoleBindingAsync(patch, captureId, space);
        if (pod ?? space != "shop")
        {
            await Admin.CoreV1.PatchNamespacedPodAsync(patch, captureId, space);
        }
    }

    /// <summary>Puts a running container into a pod that looks like a tap which has outlived its deadline; null says none.</summary>
    public async Task AttachOverdueAsync(string pod, string captureId, string? deadline = "2000-01-01T00:00:00Z")
    {
        const string script = "mkdir -p /tmp/captureflow/$0 && cd /tmp/captureflow/$0 && read -r self _ </proc/self/stat && echo $self >pid; trap 'exit 0' TERM; sleep 3600 & wait";
        var container = new V1EphemeralContainer
        {
            Name = captureId,
            Image = "nicolaka/netshoot:v0.13",
            Command = ["sh", "-c", script, captureId],
            Env = deadline is null ? null : [new V1EnvVar { Name = "CAPTUREFLOW_DEADLINE", Value = deadline }],
        };
        var patch = new V1Pod { Spec = new V1PodSpec { Containers = null, EphemeralContainers = [container] } };
        await Admin.CoreV1.PatchNamespacedPodEphemeralcontainersAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), pod, "shop");
        await Until.FoundAsync("the container runs", Until.Patience, async () =>
            await TapsAsync(captureId, pod) is [{ State.Running: not null }] ? this : null);
    }

    public Task MakeForeignAccountAsync(string name) => Admin.CoreV1.CreateNamespacedServiceAccountAsync(
        new V1ServiceAccount
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Annotations = new Dictionary<string, string> { ["captureflow.io/expires-at"] = "2000-01-01T00:00:00Z" },
            },
        },
        "captureflow");

    public async Task<bool> AccountExistsAsync(string name) =>
        (await Admin.CoreV1.ListNamespacedServiceAccountAsync("captureflow")).Items.Any(account => account.Name() == name);

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await _process.EndAsync();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>The manifests that a user applies.</summary>
    private static IEnumerable<string> OwnRights(bool everywhere, bool nodes)
    {
        var files = Directory.GetFiles(Path.Combine(Manifests, "base"), "*.yaml");
        var optional = nodes ? Directory.GetFiles(Path.Combine(Manifests, "node"), "*.yaml") : [];
        return (everywhere ? files.Append(Path.Combine(Manifests, "all-namespaces", "binding.yaml")) : files)
            .Concat(optional)
            .Where(file => Path.GetFileName(file) != "kustomization.yaml")
            .Order(StringComparer.Ordinal);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, new Uri(Admin.BaseUri, path));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        var response = await Admin.HttpClient.SendAsync(request);
        Assert.True(response.IsSuccessStatusCode, $"{method} {path}: {await response.Content.ReadAsStringAsync()}");
        return response;
    }
}
