using System.Diagnostics;

namespace CaptureFlow.Sandbox.Node;

/// <summary>The process that holds a pod's network, host name and (when shared) process namespace while containers come and go.</summary>
internal sealed class PodPause : IDisposable
{
    private const string Script = """
        set -e
        echo "$1" > /proc/sys/kernel/hostname
        if [ "$2" = host ]; then echo ready; exec sleep infinity; fi
        for scope in all default; do
            if [ -e /proc/sys/net/ipv6/conf/$scope/disable_ipv6 ]; then echo 1 > /proc/sys/net/ipv6/conf/$scope/disable_ipv6; fi
        done
        ip link set lo up
        echo ready
        exec sleep infinity
        """;

    private readonly Process _process;

    private PodPause(Process process, int id)
    {
        _process = process;
        Id = id;
    }

    internal int Id { get; }

    internal static async Task<PodPause> StartAsync(NodeInit node, string hostname, bool onHostNetwork, CancellationToken cancellation)
    {
        var process = Spawn.Start(
        [
            "nsenter", Spawn.Namespace("pid", node.Id), Spawn.Namespace("net", node.Id), Spawn.Namespace("mount", node.Id), "--",
            "unshare", .. onHostNetwork ? [] : (string[])["--net"], "--uts", "--ipc", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--",
            "sh", "-c", Script, "pause", hostname, onHostNetwork ? "host" : "own",
        ]);
        var first = await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        var id = first == "ready" ? Spawn.ChildOf(Spawn.ChildOf(process.Id)) : 0;
        if (id == 0)
        {
            var fault = await process.StandardError.ReadToEndAsync(cancellation);
            process.Dispose();
            throw new InvalidOperationException($"The pod's sandbox did not start: {fault.Trim()}");
        }

        return new PodPause(process, id);
    }

    public void Dispose()
    {
        NativeMethods.Signal(Id, NativeMethods.Kill);
        _process.Dispose();
    }
}
