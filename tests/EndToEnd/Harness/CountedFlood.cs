using System.Globalization;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>
/// A pod that, when told to, sends so many datagrams to its own loopback as fast as it can, and no more: so that a test knows how many packets there
/// were, whoever saw them.
/// </summary>
internal sealed class CountedFlood : IAsyncDisposable
{
    /// <summary>Where the datagrams go. Somebody listens there, or the kernel would answer each and refuse the next.</summary>
    public const int Port = 9_999;

    private const int GoPort = 9_998;

    private readonly Kubernetes _admin;
    private readonly string _name;

    private CountedFlood(Kubernetes admin, string name) => (_admin, _name) = (admin, name);

    public static async Task<CountedFlood> StartAsync(Sandbox sandbox, string name, int datagrams)
    {
        // perl-base is on every Debian.
        var script = string.Create(CultureInfo.InvariantCulture, $$"""
            use IO::Socket::INET; $| = 1;
            $sink = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1:{{Port}}") or die;
            $go = IO::Socket::INET->new(Proto => "udp", LocalAddr => "127.0.0.1:{{GoPort}}") or die;
            $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "127.0.0.1:{{Port}}") or die;
            print "ready\n"; $go->recv($_, 10); $d = "x" x 8000; $n = 0;
            while ($n < {{datagrams}}) { $n++ if defined $s->send($d) }
            print "sent $n\n"; sleep 600
            """).ReplaceLineEndings(" ");
        await sandbox.Admin.CoreV1.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "shop" },
                Spec = new V1PodSpec { Containers = [new V1Container { Name = "flood", Image = "nicolaka/netshoot:v0.13", Command = ["perl", "-e", script] }] },
            },
            "shop");
        var flood = new CountedFlood(sandbox.Admin, name);
        await flood.SaidAsync("ready");
        return flood;
    }

    /// <summary>Sends them all.</summary>
    public async Task RunAsync()
    {
        using var socket = await _admin.WebSocketNamespacedPodExecAsync(
            _name, "shop", ["bash", "-c", $"echo go >/dev/udp/127.0.0.1/{GoPort}"], "flood", stderr: true, stdin: false, stdout: true, tty: false, webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol);
        await SaidAsync("sent ");
    }

    public async ValueTask DisposeAsync() => await _admin.CoreV1.DeleteNamespacedPodAsync(_name, "shop", gracePeriodSeconds: 0);

    private Task<CountedFlood> SaidAsync(string word) => Until.FoundAsync($"the flood says {word}", Until.Patience, async () =>
    {
        try
        {
            await using var log = await _admin.CoreV1.ReadNamespacedPodLogAsync(_name, "shop", container: "flood");
            using var reader = new StreamReader(log);
            return (await reader.ReadToEndAsync()).Contains(word, StringComparison.Ordinal) ? this : null;
        }
        catch (k8s.Autorest.HttpOperationException)
        {
            // The container has not started yet.
            return null;
        }
    });
}
