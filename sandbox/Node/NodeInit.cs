using System.Diagnostics;
using CaptureFlow.Sandbox.Workloads;

namespace CaptureFlow.Sandbox.Node;

/// <summary>
/// The pretend node: one init process with process, network and mount namespaces of its own, under which every pod lives. Its stdin is a
/// pipe from this process. When this process ends, even by SIGKILL, the pipe closes, the init exits, and the kernel ends all within and
/// frees every namespace and mount. (PR_SET_PDEATHSIG would not do: it is tied to the thread that forked, not to the process.)
/// </summary>
internal sealed class NodeInit : IAsyncDisposable
{
    /// <summary>Where the images' own files are within the node.</summary>
    internal const string ImageFolder = "/mnt";

    // The root is read-only inside: containers share the machine's file system and must leave nothing on it.
    // The bind mounts come before the tmpfs mounts of containers, since the product itself may live under /tmp.
    // netshoot's tcpdump is Alpine's, which stays who it is unless it is told an identity (-Z). Debian's becomes somebody else, and no option keeps it
    // from that: what netshoot has here is a copy of the machine's that calls something harmless (isatty) where the machine's would set its groups, and
    // is told to become root, which it is. Told an identity by its caller, it is the machine's own.
    private const string Script = """
        set -e
        for scope in all default; do
            if [ -e /proc/sys/net/ipv6/conf/$scope/disable_ipv6 ]; then echo 1 > /proc/sys/net/ipv6/conf/$scope/disable_ipv6; fi
        done
        echo 1 > /proc/sys/net/ipv4/ip_forward
        ip link set lo up
        mount -t tmpfs -o mode=755 tmpfs /mnt
        mkdir /mnt/app /mnt/dotnet /mnt/bin
        mount --bind "$1" /mnt/app
        mount --bind "$2" /mnt/dotnet
        if tcpdump --help 2>&1 | grep -q -- '-Z user'; then
            mkdir /mnt/lib
            machine=$(command -v tcpdump)
            LC_ALL=C sed 's/\x00initgroups\x00/\x00isatty\x00\x00\x00\x00\x00/' "$machine" > /mnt/lib/tcpdump
            printf '#!/bin/sh\nfor word; do case $word in -Z*) exec "%s" "$@" ;; --) break ;; esac; done\nexec /mnt/lib/tcpdump -Z root "$@"\n' "$machine" > /mnt/bin/tcpdump
            chmod 755 /mnt/bin/tcpdump /mnt/lib/tcpdump
        fi
        mount -t tmpfs -o mode=755 tmpfs /run
        mount -t tmpfs -o mode=1777 tmpfs /var/tmp
        mount -o remount,bind,ro /
        echo ready
        exec cat > /dev/null
        """;

    // Outside of the namespaces, and so the only one that can tidy up after a SIGKILL of this process.
    private const string Guard = """
        folder=$1; shift
        "$@"
        if [ -n "$folder" ]; then rm -rf "$folder"; fi
        """;

    private readonly Process _process;

    private NodeInit(Process process, int id)
    {
        _process = process;
        Id = id;
    }

    /// <summary>The init's process id as this process sees it.</summary>
    internal int Id { get; }

    /// <summary>Starts the node. A folder that is named is removed when the node ends.</summary>
    internal static async Task<NodeInit> StartAsync(string folder, CancellationToken cancellation)
    {
        var process = Spawn.Start(
        [
            "sh", "-c", Guard, "guard", folder,
            "unshare", "--pid", "--net", "--mount", "--uts", "--ipc", "--fork", "--kill-child", "--mount-proc", "--",
            "sh", "-c", Script, "node", AssemblyPlace.Folder, AssemblyPlace.RuntimeFolder,
        ]);
        var first = await process.StandardOutput.ReadLineAsync(cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(30), cancellation);
        var id = first == "ready" ? Spawn.ChildOf(Spawn.ChildOf(process.Id)) : 0;
        if (id == 0)
        {
            process.StandardInput.Close();
            var fault = await process.StandardError.ReadToEndAsync(cancellation);
            process.Dispose();
            throw new InvalidOperationException($"The node did not start: {fault.Trim()}");
        }

        return new NodeInit(process, id);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        NativeMethods.Signal(Id, NativeMethods.Kill);
        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _process.Dispose();
    }
}
