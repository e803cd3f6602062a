using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace CaptureFlow.Sandbox.Node;

/// <summary>One run of a container: a process in the pod's namespaces with a mount namespace and /tmp of its own.</summary>
internal sealed class ContainerProcess : IDisposable
{
    private const string Started = "container-started";

    // The marker is written when every mount is in place, so nobody enters the container before. Then the script waits for a line, so
    // that even a program that ends at once is known by its process id; the shell's read takes no byte beyond that line.
    private const string Script = """
        set -e
        if [ "$1" = shared ]; then mount -t proc proc /proc; fi
        mount -t tmpfs -o mode=1777 tmpfs /tmp
        cd "$2"
        echo container-started >&2
        read -r go
        shift 2
        exec setpriv "$@"
        """;

    private readonly Process _process;

    private ContainerProcess(Process process, int id, ContainerStart start)
    {
        (_process, Id, Start) = (process, id, start);
    }

    /// <summary>The process id of the container's main process as this process sees it.</summary>
    internal int Id { get; }

    internal ContainerStart Start { get; }

    internal Stream Input => _process.StandardInput.BaseStream;

    /// <summary>Starts the container and returns when its main program is about to run; a fault is the runtime's message.</summary>
    internal static async Task<(ContainerProcess? Process, string Fault)> StartAsync(ContainerStart start, CancellationToken cancellation)
    {
        if (ExecutableFault(start.Command[0], start.Environment.GetValueOrDefault("PATH", Spawn.SystemPath)) is { } missing)
        {
            return (null, "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
                + $"unable to start container process: {missing}");
        }

        var process = Spawn.Start(Arguments(start), start.Environment);
        var first = await ReadMarkerAsync(process.StandardError.BaseStream, cancellation);
        var child = Spawn.ChildOf(process.Id);
        var id = start.SharesProcesses ? child : Spawn.ChildOf(child);
        if (first != Started || id == 0)
        {
            process.StandardInput.Close();
            var rest = await process.StandardError.ReadToEndAsync(cancellation);
            process.Dispose();
            return (null, $"failed to start container: {first} {rest}".Trim());
        }

        await process.StandardInput.BaseStream.WriteAsync("go\n"u8.ToArray(), cancellation);
        if (!start.KeepsInput)
        {
            process.StandardInput.Close();
        }

        await ExecutedAsync(id, cancellation);
        return (new ContainerProcess(process, id, start), "");
    }

    /// <summary>Copies output to the log until the container ends; returns the exit code, 128 + n for signal n.</summary>
    internal async Task<int> RunToEndAsync(ContainerLog log)
    {
        var pumps = Task.WhenAll(
            PumpAsync(_process.StandardOutput.BaseStream, 1, log),
            PumpAsync(_process.StandardError.BaseStream, 2, log));
        await _process.WaitForExitAsync();

        // A process left behind in a shared process namespace may hold the pipes open; the container has ended all the same.
        await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(2)));
        return _process.ExitCode;
    }

    internal void Signal(int signal) => NativeMethods.Signal(Id, signal);

    public void Dispose() => _process.Dispose();

    /// <summary>The runtime's words for a command that is not there; null when it is.</summary>
    internal static string? ExecutableFault(string command, string path)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            return File.Exists(command) || command.StartsWith(NodeInit.ImageFolder, StringComparison.Ordinal)
                ? null
                : $"exec: \"{command}\": stat {command}: no such file or directory";
        }

        return path.Split(':').Any(folder => File.Exists(Path.Combine(folder, command)))
            ? null
            : $"exec: \"{command}\": executable file not found in $PATH";
    }

    private static IEnumerable<string> Arguments(ContainerStart start)
    {
        string[] own = start.SharesProcesses ? [] : ["--pid", "--fork", "--kill-child", "--mount-proc"];
        return
        [
            "nsenter",
            Spawn.Namespace("pid", start.SharesProcesses ? start.ProcessesOf : start.Node),
            Spawn.Namespace("mount", start.Node),
            Spawn.Namespace("net", start.Pause),
            Spawn.Namespace("uts", start.Pause),
            Spawn.Namespace("ipc", start.Pause),
            "--", "unshare", "--mount", .. own, "--",
            "sh", "-c", Script, "container", start.SharesProcesses ? "shared" : "own", start.WorkingFolder,
            .. start.Identity.SetPrivilegeArguments(), "--", .. start.Command,
        ];
    }

    /// <summary>Waits until the process is the container's own program and no longer the runtime's, at most ten seconds.</summary>
    private static async Task ExecutedAsync(int id, CancellationToken cancellation)
    {
        for (var i = 0; i < 5_000; i++)
        {
            try
            {
                var process = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
                var command = await File.ReadAllTextAsync($"{process}/cmdline", cancellation);
                var isOwn = command.Length > 0
                    && !command.StartsWith("setpriv\0", StringComparison.Ordinal)
                    && !command.Contains(Started, StringComparison.Ordinal);
                if (isOwn || (command.Length == 0 && (await File.ReadAllTextAsync($"{process}/stat", cancellation)).Contains(") Z ", StringComparison.Ordinal)))
                {
                    return;
                }
            }
            catch (IOException)
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), cancellation);
        }
    }

    private static async Task<string> ReadMarkerAsync(Stream stream, CancellationToken cancellation)
    {
        // One byte at a time: what follows the line belongs to the container.
        var line = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, cancellation) == 1 && one[0] != '\n' && line.Length < 4096)
        {
            line.Append((char)one[0]);
        }

        return line.ToString();
    }

    private static async Task PumpAsync(Stream source, int channel, ContainerLog log)
    {
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await source.ReadAsync(buffer)) > 0)
        {
            await log.AppendAsync(channel, buffer.AsMemory(0, read));
        }
    }
}
