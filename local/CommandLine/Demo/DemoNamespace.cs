using System.Net;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Autorest;
using k8s.Exceptions;
using k8s.Models;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// The demo's own namespace in a user's cluster, with the pods of <see cref="DemoPods"/>. Made by the demo and deleted by it; it never touches
/// one that it did not make.
/// </summary>
internal sealed class DemoNamespace : IAsyncDisposable
{
    public const string Name = "captureflow-demo";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    private readonly Kubernetes _cluster;
    private readonly TimeProvider _time;

    private DemoNamespace(Kubernetes cluster, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;
    }

    /// <summary>Makes the namespace and its pods, and returns once they run.</summary>
    /// <exception cref="HostRefusedException">The cluster refused, or the pods do not run; what was made is deleted.</exception>
    public static async Task<DemoNamespace> CreateAsync(ClusterChoice choice, string image, TimeProvider time, CancellationToken cancellationToken)
    {
        var cluster = Open(choice, time);
        try
        {
            await RequireRoleAsync(cluster, cancellationToken);

            // Not cut short by an interrupt: then nobody would know whether there is something to delete.
            await cluster.CoreV1.CreateNamespaceAsync(
                new() { Metadata = new() { Name = Name, Labels = new Dictionary<string, string> { ["app.kubernetes.io/part-of"] = "captureflow-demo" } } }, cancellationToken: CancellationToken.None);
        }
        catch (Exception e) when (Refusal(e) is { } refusal)
        {
            cluster.Dispose();
            throw refusal;
        }

        DemoNamespace made = new(cluster, time);
        try
        {
            await made.CreatePodsAsync(image, cancellationToken);
            return made;
        }
        catch (Exception e)
        {
            await made.DisposeAsync();
            throw Refusal(e) ?? e;
        }
    }

    /// <summary>Deletes the namespace and waits until it is gone.</summary>
    public async ValueTask DisposeAsync()
    {
        using (_cluster)
        using (CancellationTokenSource patience = new(Patience, _time))
        {
            try
            {
                await _cluster.CoreV1.DeleteNamespaceAsync(Name, cancellationToken: patience.Token);
                await UntilAsync(
                    async () => (await _cluster.CoreV1.ListNamespaceAsync(fieldSelector: $"metadata.name={Name}", cancellationToken: patience.Token)).Items.Count == 0,
                    patience.Token);
            }
            catch (Exception e) when (e is HttpOperationException or HttpRequestException or OperationCanceledException)
            {
                throw new HostRefusedException($"The namespace {Name} could not be seen to go: {e.Message}", $"Look, and delete it: kubectl delete namespace {Name}");
            }
        }
    }

    private static Kubernetes Open(ClusterChoice choice, TimeProvider time)
    {
        try
        {
            return KubeConfigClient.Open(choice.Kubeconfig, choice.Context, time, NullLogger.Instance);
        }
        catch (KubeConfigException e)
        {
            throw new HostRefusedException($"The kubeconfig cannot be used: {e.Message}", "Choose another with --kubeconfig and --context.");
        }
    }

    private static async Task RequireRoleAsync(Kubernetes cluster, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.RbacAuthorizationV1.ReadClusterRoleAsync("captureflow-capture", cancellationToken: cancellationToken);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            throw new HostRefusedException("The cluster has no ClusterRole captureflow-capture, which every capture binds for its time.", "Make it: kubectl apply -k infra/kubernetes/base");
        }
    }

    private async Task CreatePodsAsync(string image, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await _cluster.CoreV1.CreateNamespacedSecretAsync(DemoPods.Certificate(_time), Name, cancellationToken: patience.Token);
        await _cluster.CoreV1.CreateNamespacedPodAsync(DemoPods.Web(image), Name, cancellationToken: patience.Token);
        var address = await RunningAsync(DemoPods.WebName, patience.Token);
        await _cluster.CoreV1.CreateNamespacedPodAsync(DemoPods.Client(image, address), Name, cancellationToken: patience.Token);
        await RunningAsync(DemoPods.ClientName, patience.Token);
    }

    /// <summary>Returns the pod's address once all its containers are ready.</summary>
    private async Task<string> RunningAsync(string pod, CancellationToken cancellationToken)
    {
        V1Pod? seen = null;
        try
        {
            await UntilAsync(
                async () =>
                {
                    seen = await _cluster.CoreV1.ReadNamespacedPodAsync(pod, Name, cancellationToken: cancellationToken);
                    return seen.Status.Conditions?.Any(c => c is { Type: "Ready", Status: "True" }) ?? false;
                },
                cancellationToken);
            return seen!.Status.PodIP;
        }
        catch (OperationCanceledException) when (seen is not null)
        {
            var reasons = seen.Status.ContainerStatuses?.Select(c => c.State?.Waiting).OfType<V1ContainerStateWaiting>().Select(w => $"{w.Reason} {w.Message}") ?? [];
            throw new HostRefusedException($"The demo's pod '{pod}' did not become ready: {string.Join("; ", reasons)}", "Choose an image that the cluster can pull, with python3 in it: --image IMAGE.");
        }
    }

    private async Task UntilAsync(Func<Task<bool>> reached, CancellationToken cancellationToken)
    {
        while (!await reached())
        {
            await Task.Delay(Poll, _time, cancellationToken);
        }
    }

    private static HostRefusedException? Refusal(Exception exception) => exception switch
    {
        HostRefusedException refusal => refusal,
        HttpOperationException { Response.StatusCode: HttpStatusCode.Conflict } => new(
            $"The namespace {Name} exists: another demo runs in this cluster, or one was killed.", $"If none runs: kubectl delete namespace {Name}"),
        HttpOperationException e => new($"The cluster refused: {e.Response.StatusCode}: {e.Response.Content}", "The demo needs to make a namespace, a secret and pods in the cluster."),
        HttpRequestException e => new($"The cluster cannot be reached: {e.Message}", "Choose another with --kubeconfig and --context."),
        _ => null,
    };
}
