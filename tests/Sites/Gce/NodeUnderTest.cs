using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace CaptureFlow.Sites.Tests.Gce;

/// <summary>
/// A node as GKE has them, as far as a capture sees it: Debian's OpenSSH server in a network namespace of its own, with a mount namespace that has
/// a user, a <c>/tmp</c> and a <c>toolbox</c> of its own, and a guest agent that lets in the keys of the metadata until they expire. All of it goes
/// with the test.
/// </summary>
internal sealed class NodeUnderTest : IAsyncDisposable
{
    private const string Home = "/opt";

    private readonly string _space = $"cfn{RandomNumberGenerator.GetHexString(8, true)}";
    private readonly List<Process> _started = [];
    private readonly string _folder;

    private NodeUnderTest(string address, string folder) => (Address, _folder) = (address, folder);

    public string Address { get; }

    /// <summary>Has <c>ssh-keys</c>, which it lets in, and <c>host_key.pub</c>.</summary>
    public string Folder => _folder;

    public (string Kind, string Key) HostKey { get; private set; }

    /// <summary>Starts it, with its keys taken from the stand-in's metadata.</summary>
    /// <param name="compute">The instance.</param>
    /// <param name="tmpSize">Of its <c>/tmp</c>.</param>
    public static async Task<NodeUnderTest> StartAsync(ComputeStandIn compute, string tmpSize = "512m")
    {
        Needs.Root();
        Needs.Packages("openssh-server", "openssh-client", "util-linux", "mount", "iproute2", "procps", "tcpdump");
        var (third, fourth) = (RandomNumberGenerator.GetInt32(1, 255), RandomNumberGenerator.GetInt32(0, 63) * 4);
        var folder = Directory.CreateDirectory(Path.Combine(Home, $"captureflow-node-{RandomNumberGenerator.GetHexString(12, true)}")).FullName;
        var node = new NodeUnderTest($"169.254.{third}.{fourth + 2}", folder);
        try
        {
            await node.MakeSpaceAsync($"169.254.{third}.{fourth + 1}");
            await RunAsync("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, "host_key"));
            node.HostKey = (await File.ReadAllTextAsync(Path.Combine(folder, "host_key.pub"))).Split(' ') is [var kind, var key, ..] ? (kind, key.Trim()) : default;
            compute.HostKeys.Add(node.HostKey);
            compute.Agent = keys =>
            {
                // Whole or not at all: sshd may be reading it.
                File.WriteAllText(Path.Combine(folder, "ssh-keys.new"), keys);
                File.Move(Path.Combine(folder, "ssh-keys.new"), Path.Combine(folder, "ssh-keys"), overwrite: true);
            };
            compute.Agent(compute["ssh-keys"] ?? "");
            await File.WriteAllTextAsync(Path.Combine(folder, "node.sh"), NodeScript);
            node.Spawn("ip", "netns", "exec", node._space, "unshare", "--mount", "--propagation", "private", "bash", Path.Combine(folder, "node.sh"), folder, node.Address, tmpSize);
            await Eventually(async () => await node.AnswersAsync(), "sshd answers");
            return node;
        }
        catch
        {
            await node.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a datagram to port 9 of the node's loopback every few milliseconds until the test ends.</summary>
    public void Talk() => TalkTo("127.0.0.1");

    /// <summary>Gives the node an address, as a bridge has a pod's, and sends the datagrams there.</summary>
    public async Task TalkAsync(string address)
    {
        await RunAsync("ip", "-n", _space, "addr", "add", $"{address}/32", "dev", "lo");
        TalkTo(address);
    }

    public Task SetToolboxDelayAsync(int seconds) => File.WriteAllTextAsync(Path.Combine(_folder, "toolbox-delay"), $"{seconds}");

    /// <summary>Runs a command as root where the node's files are.</summary>
    public async Task<string> OnNodeAsync(string command)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(_folder, "pid"))).Trim();
        return await RunAsync("nsenter", "-t", pid, "-m", "-n", "sh", "-c", command);
    }

    public static async Task Eventually(Func<Task<bool>> holds, string what)
    {
        var deadline = Stopwatch.GetTimestamp() + (60 * Stopwatch.Frequency);
        while (!await holds())
        {
            Assert.True(Stopwatch.GetTimestamp() < deadline, $"not after 60 s: {what}");
            await Task.Delay(50);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // Everything in the namespace is the test's own; sessions and taps have left the process tree of what was started.
        foreach (var pid in (await TryRunAsync("ip", "netns", "pids", _space)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            await TryRunAsync("kill", "-KILL", pid);
        }

        foreach (var process in _started)
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }

            await process.WaitForExitAsync();
            process.Dispose();
        }

        await TryRunAsync("ip", "netns", "del", _space);
        Directory.Delete(_folder, recursive: true);
    }

    private void TalkTo(string address) =>
        Spawn("ip", "netns", "exec", _space, "bash", "-c", "exec 9<> <(:); while :; do echo hello >/dev/udp/$0/9; read -rt 0.01 -u 9; done 2>/dev/null", address);

    private async Task MakeSpaceAsync(string outside)
    {
        var outer = $"v{_space}";
        await RunAsync("ip", "netns", "add", _space);
        await RunAsync("ip", "link", "add", outer, "type", "veth", "peer", "name", "eth0", "netns", _space);
        await RunAsync("ip", "addr", "add", $"{outside}/30", "dev", outer);
        await RunAsync("ip", "link", "set", outer, "up");
        await RunAsync("ip", "-n", _space, "addr", "add", $"{Address}/30", "dev", "eth0");
        await RunAsync("ip", "-n", _space, "link", "set", "eth0", "up");
        await RunAsync("ip", "-n", _space, "link", "set", "lo", "up");
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.True(!_started[0].HasExited, "the node ended: " + (File.Exists(Path.Combine(_folder, "log")) ? await File.ReadAllTextAsync(Path.Combine(_folder, "log")) : ""));
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(Address, 22);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Spawn(string file, params string[] arguments) => _started.Add(Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardInput = true })!);

    private static async Task<string> RunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{file} {string.Join(' ', arguments)}: {errors}");
        return await output;
    }

    private static async Task<string> TryRunAsync(string file, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await errors;
        await process.WaitForExitAsync();
        return output;
    }

    private const string NodeScript = """
        # bash THIS FOLDER ADDRESS TMPSIZE, in network and mount namespaces of its own.
        set -e
        folder=$1 address=$2 size=$3
        exec >"$folder/log" 2>&1 </dev/null
        mount -t tmpfs -o mode=755 tmpfs /run
        mkdir -p /run/sshd /run/bin /run/etc
        cp /etc/passwd /etc/group /etc/shadow /run/etc/
        echo 'captureflow:x:20999:20999::/:/bin/bash' >>/run/etc/passwd
        echo 'captureflow:x:20999:' >>/run/etc/group
        echo 'captureflow:*:19000:0:99999:7:::' >>/run/etc/shadow
        for file in passwd group shadow; do mount --bind /run/etc/$file /etc/$file; done
        mount -t tmpfs -o "mode=1777,size=$size" tmpfs /tmp
        # What sudo is to the real toolbox.
        cp /usr/bin/unshare /run/bin/enter
        chmod 4755 /run/bin/enter
        cat >/run/bin/toolbox <<'END'
        #!/bin/sh
        if [ -f FOLDER/toolbox-delay ]; then sleep "$(cat FOLDER/toolbox-delay)"; fi
        exec /run/bin/enter --mount --propagation private -S 0 -G 0 sh -c 'mount -t tmpfs tmpfs /media && mkdir /media/root && mount --rbind / /media/root && mount -t tmpfs tmpfs /tmp && exec "$@"' sh "$@"
        END
        cat >/run/bin/keys <<'END'
        #!/bin/sh
        now=$(date -u +%Y-%m-%dT%H:%M:%S)
        while IFS= read -r line || [ -n "$line" ]; do
            case $line in "$1:"*) ;; *) continue ;; esac
            expiry=$(printf %s "$line" | sed -n 's/.*"expireOn":"\([^+"]*\).*/\1/p')
            if [ -n "$expiry" ] && [ "$(printf '%s\n%s\n' "$now" "$expiry" | sort | head -n 1)" = "$expiry" ]; then continue; fi
            printf '%s\n' "${line#*:}"
        done <FOLDER/ssh-keys
        END
        sed -i "s|FOLDER|$folder|g" /run/bin/toolbox /run/bin/keys
        chmod 755 /run/bin/toolbox /run/bin/keys
        cat >/run/etc/sshd_config <<END
        Port 22
        ListenAddress $address
        HostKey $folder/host_key
        AuthorizedKeysFile none
        AuthorizedKeysCommand /run/bin/keys %u
        AuthorizedKeysCommandUser root
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        UsePAM no
        PidFile none
        MaxStartups 100
        Subsystem sftp internal-sftp
        SetEnv PATH=/run/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin
        END
        echo $$ >"$folder/pid"
        exec /usr/sbin/sshd -D -e -f /run/etc/sshd_config
        """;
}
