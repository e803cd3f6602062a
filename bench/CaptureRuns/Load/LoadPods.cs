using k8s;
using k8s.Models;

namespace CaptureFlow.CaptureRuns;

/// <summary>Pods to capture in, each with a little traffic on its loopback. An ephemeral container stays in its pod's spec for ever, so the orders are dealt out to several.</summary>
internal static class LoadPods
{
    private const string Chatter =
        "perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Proto => \"udp\", PeerAddr => \"127.0.0.1:9\"); while (1) { $s->send(\"load\"); select undef, undef, undef, 0.25 }'";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public static string Name(int index) => $"load-{index}";

    public static async Task StartAsync(Kubernetes admin, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await admin.CoreV1.CreateNamespacedPodAsync(Pod(i), "shop");
        }

        using CancellationTokenSource deadline = new(Patience);
        while ((await admin.CoreV1.ListNamespacedPodAsync("shop", labelSelector: "app=load", cancellationToken: deadline.Token)).Items.Any(pod => pod.Status?.Phase != "Running"))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), deadline.Token);
        }
    }

    /// <summary>What captures have left in the cluster: grants, and taps that run.</summary>
    public static async Task<IReadOnlyList<string>> LeftOversAsync(Kubernetes admin)
    {
        const string ours = "app.kubernetes.io/managed-by=captureflow,captureflow.io/capture-id";
        var accounts = await admin.CoreV1.ListServiceAccountForAllNamespacesAsync(labelSelector: ours);
        var bindings = await admin.RbacAuthorizationV1.ListRoleBindingForAllNamespacesAsync(labelSelector: ours);
        var pods = await admin.CoreV1.ListNamespacedPodAsync("shop", labelSelector: "app=load");
        return
        [
            .. accounts.Items.Select(account => $"serviceaccount {account.Name()}"),
            .. bindings.Items.Select(binding => $"rolebinding {binding.Name()}"),
            .. pods.Items.SelectMany(pod => pod.Status.EphemeralContainerStatuses ?? []).Where(tap => tap.State.Terminated is null).Select(tap => $"container {tap.Name}"),
        ];
    }

    private static V1Pod Pod(int index) => new()
    {
        Metadata = new V1ObjectMeta { Name = Name(index), NamespaceProperty = "shop", Labels = new Dictionary<string, string> { ["app"] = "load" } },
        Spec = new V1PodSpec
        {
            Containers = [new V1Container { Name = "chatter", Image = "nicolaka/netshoot:v0.13", Command = ["bash", "-c", $"exec {Chatter}"] }],
        },
    };
}
