using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>A pod that fills its loopback as fast as it can: a capture of whole packets reaches any byte bound within a second or two.</summary>
internal sealed class Flood : IAsyncDisposable
{
    // perl-base is on every Debian; nothing listens on the port, and the sender does not mind.
    private const string Script =
        "exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(Proto => \"udp\", PeerAddr => \"127.0.0.1:9\"); $d = join \"\", map { chr($_ % 251) } 1 .. 8000; while (1) { $s->send($d); select undef, undef, undef, 0.0005 }'";

    private readonly Kubernetes _admin;
    private readonly string _name;

    private Flood(Kubernetes admin, string name)
    {
        _admin = admin;
        _name = name;
    }

    public static async Task<Flood> StartAsync(Sandbox sandbox, string name)
    {
        await sandbox.Admin.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop" },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "flood", Image = "nicolaka/netshoot:v0.13", Command = ["sh", "-c", Script] }] },
            },
            "shop");
        await Until.FoundAsync("the flood runs", Until.Patience, async () =>
            (await sandbox.Admin.CoreV1.ReadNamespacedPodAsync(name, "shop")).Status?.Phase == "Running" ? sandbox : null);
        return new Flood(sandbox.Admin, name);
    }

    public async ValueTask DisposeAsync() => await _admin.CoreV1.DeleteNamespacedPodAsync(_name, "shop", gracePeriodSeconds: 0);
}
