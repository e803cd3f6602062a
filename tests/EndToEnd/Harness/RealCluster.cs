using System.Globalization;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// A namespace of its own on the cluster of KUBECONFIG, with the manifests of infra/kubernetes, and a kubeconfig of CaptureFlow's own service
/// account: whoever uses that has the rights of production and no other, so that a missing one shows.
/// </summary>
public sealed class RealCluster : IAsyncLifetime
{
    private readonly string _kubeconfig = Path.GetTempFileName();
    private Kubernetes? _admin;

    public static string TapImage => Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E_TAP_IMAGE") ?? "localhost/debug:1";

    public static string AppImage => Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E_APP_IMAGE") ?? "localhost/app:1";

    internal static bool IsWanted => Needs.HasCluster("CAPTUREFLOW_E2E", "KUBECONFIG");

    public string Namespace { get; } = $"captureflow-e2e-{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8]}";

    public IKubernetes Admin => _admin!;

    /// <summary>Of CaptureFlow's own service account.</summary>
    internal string CaptureFlowKubeconfig => _kubeconfig;

    /// <summary>Skips, by name, where there is no cluster to test on.</summary>
    public static void SkipUnlessWanted() => Needs.Cluster("CAPTUREFLOW_E2E", "KUBECONFIG");

    public async ValueTask InitializeAsync()
    {
        if (!IsWanted)
        {
            return;
        }

        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(Environment.GetEnvironmentVariable("KUBECONFIG"));
        _admin = new Kubernetes(configuration);
        await _admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Namespace } });
        var rights = new OwnRights(_admin);
        await rights.ApplyAsync(Namespace);
        await File.WriteAllTextAsync(_kubeconfig, await rights.MintKubeconfigAsync(configuration));
        await Until.FoundAsync("the namespace's default account", Until.Patience, async () =>
            (await _admin.CoreV1.ListNamespacedServiceAccountAsync(Namespace)).Items.Any(account => account.Name() == "default") ? this : null);
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.CoreV1.DeleteNamespaceAsync(Namespace);
            _admin.Dispose();
        }

        File.Delete(_kubeconfig);
    }

    /// <summary>The whole application, as CaptureFlow's own service account, allowed in this namespace alone.</summary>
    internal Task<HostProcess> StartHostAsync(
        TemporaryFolder state, string? pauseAt = null, string? tapImage = null, params (string Name, string Value)[] more) => HostProcess.StartAsync(
        state.Path,
        _kubeconfig,
        pauseAt,
        new Dictionary<string, string>
        {
            ["CaptureFlow__Tap__Image"] = tapImage ?? TapImage,
            ["CaptureFlow__Tap__PullTolerance"] = "00:00:03",
            ["CaptureFlow__Tap__StartAllowance"] = "00:01:00",
            // The tap's image there is made of Debian's packages.
            ["CaptureFlow__Nodes__TcpdumpChangesUser"] = "true",
            ["CaptureFlow__Policy__Namespaces__0"] = Namespace,
        }.Concat(more.Select(it => KeyValuePair.Create(it.Name, it.Value))).ToDictionary());

    /// <summary>Makes a pod and waits until it runs.</summary>
    internal async Task<V1Pod> RunAsync(V1Pod pod)
    {
        await Admin.CoreV1.CreateNamespacedPodAsync(pod, Namespace);
        return await WhenAsync(pod.Name(), it => it.Status is { Phase: "Running" or "Succeeded", PodIP: not null });
    }

    internal Task<V1Pod> WhenAsync(string pod, Func<V1Pod, bool> holds) =>
        Until.FoundAsync($"pod {pod} is as awaited", Until.Patience, async () => await PodAsync(pod) is { } it && holds(it) ? it : null);

    internal Task<V1Pod> PodAsync(string name) => Admin.CoreV1.ReadNamespacedPodAsync(name, Namespace);

    /// <param name="name">The pod, which is gone when this returns.</param>
    /// <param name="grace">Seconds; null for the pod's own.</param>
    internal async Task DeletePodAsync(string name, int? grace = null)
    {
        await Admin.CoreV1.DeleteNamespacedPodAsync(name, Namespace, gracePeriodSeconds: grace);
        await Until.FoundAsync($"pod {name} is gone", Until.Patience, async () =>
            (await Admin.CoreV1.ListNamespacedPodAsync(Namespace, fieldSelector: $"metadata.name={name}")).Items.Count == 0 ? this : null);
    }

    /// <summary>The ephemeral container of a capture; null when the pod has none of that name, or has not reported it.</summary>
    internal async Task<V1ContainerStatus?> TapAsync(string pod, string captureId) =>
        (await PodAsync(pod)).Status.EphemeralContainerStatuses?.SingleOrDefault(status => status.Name == captureId);

    /// <summary>The accounts and bindings that captures have made in this namespace and not taken back.</summary>
    internal async Task<IReadOnlyList<string>> LeftOversAsync()
    {
        const string ours = "app.kubernetes.io/managed-by=captureflow";
        var accounts = await Admin.CoreV1.ListServiceAccountForAllNamespacesAsync(labelSelector: $"{ours},{GrantMarks.TargetNamespaceLabel}={Namespace}");
        var bindings = await Admin.RbacAuthorizationV1.ListNamespacedRoleBindingAsync(Namespace, labelSelector: ours);
        return [.. accounts.Items.Select(item => $"serviceaccount {item.Name()}"), .. bindings.Items.Select(item => $"rolebinding {item.Name()}")];
    }

    /// <summary>Moves a grant's expiry, and with it nothing else, into the past.</summary>
    internal async Task ExpireAsync(string captureId)
    {
        var patch = new V1Patch("""{"metadata":{"annotations":{"captureflow.io/expires-at":"2000-01-01T00:00:00Z"}}}""", V1Patch.PatchType.MergePatch);
        await Admin.CoreV1.PatchNamespacedServiceAccountAsync(patch, captureId, AccountHome.Default);
        await Admin.RbacAuthorizationV1.PatchNamespacedRoleBindingAsync(patch, captureId, Namespace);
    }

    /// <summary>Runs a shell line in a container, as the cluster's administrator, and returns what it printed.</summary>
    internal async Task<string> ExecAsync(string pod, string container, string line)
    {
        using var socket = await _admin!.WebSocketNamespacedPodExecAsync(
            pod, Namespace, (string[])["sh", "-c", line], container, stderr: true, stdin: false, stdout: true, tty: false,
            webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol);
        var answer = new MemoryStream();
        var outcome = await ExecStream.PumpAsync(
            socket,
            (bytes, _) =>
            {
                answer.Write(bytes.Span);
                return ValueTask.CompletedTask;
            },
            new(TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(3)),
            TimeProvider.System,
            CancellationToken.None);
        Assert.True(outcome.ExitCode == 0, $"{outcome}");
        return System.Text.Encoding.UTF8.GetString(answer.ToArray());
    }
}
