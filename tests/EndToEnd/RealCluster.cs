using System.Globalization;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>
/// A namespace of its own on the cluster of KUBECONFIG, with the manifests of infra/kubernetes, and a pod site that acts as CaptureFlow's own
/// service account: with the rights that it has in production and no other.
/// </summary>
public sealed class RealCluster : IAsyncLifetime
{
    private static readonly string Manifests = Path.Combine(AppContext.BaseDirectory, "infra", "kubernetes");
    private readonly string _kubeConfig = Path.GetTempFileName();
    private ServiceProvider? _services;
    private k8s.Kubernetes? _admin;

    public static bool Wanted => Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E") == "1" && Environment.GetEnvironmentVariable("KUBECONFIG") is not null;

    public static string TapImage => Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E_TAP_IMAGE") ?? "localhost/debug:1";

    public static string AppImage => Environment.GetEnvironmentVariable("CAPTUREFLOW_E2E_APP_IMAGE") ?? "localhost/app:1";

    public string Namespace { get; } = $"captureflow-e2e-{Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture)[..8]}";

    public IKubernetes Admin => _admin!;

    public ICaptureSite Site => _services!.GetRequiredService<ICaptureSite>();

    /// <summary>The same identity and cluster; policy names this namespace, so that nothing else is swept.</summary>
    public ICaptureSite SweepingSite => BuildSite(_kubeConfig, TapImage, Namespace).GetRequiredService<ICaptureSite>();

    public async ValueTask InitializeAsync()
    {
        if (!Wanted)
        {
            return;
        }

        var path = Environment.GetEnvironmentVariable("KUBECONFIG");
        var admin = KubernetesClientConfiguration.BuildConfigFromConfigFile(path);
        _admin = new k8s.Kubernetes(admin);
        foreach (var file in (string[])["base/identity.yaml", "base/capture-role.yaml", "base/self-role.yaml"])
        {
            await ApplyAsync(file, null);
        }

        await _admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Namespace } });
        await ApplyAsync("namespaced/binding.yaml", Namespace);
        await WriteKubeConfigAsync(admin);
        _services = BuildSite(_kubeConfig, TapImage);
        await UntilAsync("default account", async () => (await _admin.CoreV1.ListNamespacedServiceAccountAsync(Namespace)).Items.Count > 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_admin is not null)
        {
            await _admin.CoreV1.DeleteNamespaceAsync(Namespace);
            _admin.Dispose();
        }

        if (_services is not null)
        {
            await _services.DisposeAsync();
        }

        File.Delete(_kubeConfig);
    }

    /// <summary>A site with another tap image.</summary>
    public ICaptureSite SiteWithImage(string image) => BuildSite(_kubeConfig, image).GetRequiredService<ICaptureSite>();

    /// <summary>Starts a pod and waits until it is ready.</summary>
    public async Task<V1Pod> RunPodAsync(string name, string[]? command = null, bool restricted = false)
    {
        var container = new V1Container { Name = "app", Image = AppImage, ImagePullPolicy = "IfNotPresent", Command = command };
        if (restricted)
        {
            container.SecurityContext = new()
            {
                RunAsNonRoot = true, RunAsUser = 1000, AllowPrivilegeEscalation = false, ReadOnlyRootFilesystem = true, Capabilities = new() { Drop = ["ALL"] },
            };
        }

        await Admin.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new() { Name = name },
                Spec = new()
                {
                    Containers = [container],
                    RestartPolicy = "Never",
                    TerminationGracePeriodSeconds = 1,
                    SecurityContext = restricted ? new() { RunAsNonRoot = true, RunAsUser = 1000 } : null,
                },
            },
            Namespace);
        await UntilAsync($"pod {name} runs", async () => (await PodAsync(name)).Status is { Phase: "Running" or "Succeeded", PodIP: not null });
        return await PodAsync(name);
    }

    public Task<V1Pod> PodAsync(string name) => Admin.CoreV1.ReadNamespacedPodAsync(name, Namespace);

    /// <summary>Runs a shell line in a container, as the cluster's administrator, and returns what it printed.</summary>
    public async Task<string> ExecAsync(string pod, string container, string line)
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
        Assert.Equal(0, outcome.ExitCode);
        return System.Text.Encoding.UTF8.GetString(answer.ToArray());
    }

    /// <summary>Polls a condition for at most a minute.</summary>
    public static async Task UntilAsync(string what, Func<Task<bool>> condition)
    {
        for (var i = 0; i < 600; i++)
        {
            if (await condition())
            {
                return;
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"Not within a minute: {what}");
    }

    internal static ServiceProvider BuildSite(string kubeConfig, string image, string? only = null)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            [$"{ClusterOptions.Section}:KubeConfig"] = kubeConfig,
            [$"{TapOptions.Section}:Image"] = image,
            [$"{TapOptions.Section}:PullTolerance"] = "00:00:03",
        }).Build();
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(configuration)
            .AddLogging(logging => logging.AddSimpleConsole(o => o.SingleLine = true))
            .AddKubernetesSite()
            .Configure<CapturePolicy>(policy => { if (only is not null) { policy.Namespaces.Add(only); } })
            .BuildServiceProvider();
    }

    private async Task WriteKubeConfigAsync(KubernetesClientConfiguration admin)
    {
        var request = new Authenticationv1TokenRequest { Spec = new() { Audiences = [], ExpirationSeconds = 3600 } };
        var token = await Admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, "captureflow", "captureflow");
        var authority = string.Join('\n', admin.SslCaCerts.Select(c => c.ExportCertificatePem()));
        await File.WriteAllTextAsync(_kubeConfig, $$$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: e2e, cluster: {server: "{{{admin.Host}}}", certificate-authority-data: "{{{Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(authority))}}}"}}]
            users: [{name: captureflow, user: {token: "{{{token.Status.Token}}}"}}]
            contexts: [{name: e2e, context: {cluster: e2e, user: captureflow}}]
            current-context: e2e
            """);
    }

    private async Task ApplyAsync(string file, string? @namespace)
    {
        foreach (var item in await KubernetesYaml.LoadAllFromFileAsync(Path.Combine(Manifests, file)))
        {
            try
            {
                await CreateAsync(item, @namespace);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
            {
                // An earlier version's role may be there; what is granted must be what the manifests say today.
                if (item is V1ClusterRole role)
                {
                    await Admin.RbacAuthorizationV1.ReplaceClusterRoleAsync(role, role.Metadata.Name);
                }
            }
        }
    }

    private Task CreateAsync(object item, string? @namespace) => item switch
    {
        V1Namespace it => Admin.CoreV1.CreateNamespaceAsync(it),
        V1ServiceAccount it => Admin.CoreV1.CreateNamespacedServiceAccountAsync(it, it.Metadata.NamespaceProperty),
        V1ClusterRole it => Admin.RbacAuthorizationV1.CreateClusterRoleAsync(it),
        V1ClusterRoleBinding it => Admin.RbacAuthorizationV1.CreateClusterRoleBindingAsync(it),
        V1RoleBinding it => Admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(it, @namespace),
        _ => throw new NotSupportedException($"A manifest has a {item.GetType().Name}."),
    };
}
