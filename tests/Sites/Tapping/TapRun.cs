using System.Diagnostics;
using System.Globalization;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Tapping;

/// <summary>
/// The real tap with the real tcpdump, in a network and process namespace of its own, as a container has: a holder process keeps the
/// namespaces, the tap and its companions run in them.
/// </summary>
internal sealed class TapRun : IAsyncDisposable
{
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(40);

    private readonly Process _holder;
    private readonly string[] _shell;

    private TapRun(Process holder, string[] shell, CaptureOrder order)
    {
        (_holder, _shell, Order) = (holder, shell, order);
    }

    public CaptureOrder Order { get; }

    public string Folder => $"/tmp/captureflow/{Order.CaptureId}";

    public string CapturePath => TapScripts.FilePath(Order.CaptureId);

    public Process Tap { get; private set; } = null!;

    private static void SkipUnlessPossible(string shell)
    {
        Needs.Root();
        Needs.Packages("tcpdump", "util-linux", "mount", "iproute2", "python3");
        if (shell.StartsWith("busybox ", StringComparison.Ordinal))
        {
            Needs.Packages("busybox");
        }
    }

    /// <summary>
    /// Starts a tap and waits until it listens; with <paramref name="disk"/> (a size, e.g. <c>256k</c>) on a disk of its own, with <paramref name="hold"/> in
    /// a pod whose deletion it may hold up.
    /// </summary>
    public static async Task<TapRun> StartAsync(
        CaptureWindow window, string? filter = null, string shell = "sh", TimeSpan? linger = null, bool canary = false, string? disk = null, TimeSpan? hold = null)
    {
        var run = await StartUnawaitedAsync(window, filter, shell, linger, canary, disk, hold);
        var (code, answer) = await run.AskAsync(TapScripts.WaitListening(run.Order.CaptureId, TimeSpan.FromSeconds(20)));
        Assert.Equal(0, code);
        Assert.StartsWith("listening ", answer, StringComparison.Ordinal);
        return run;
    }

    public static async Task<TapRun> StartUnawaitedAsync(
        CaptureWindow window, string? filter = null, string shell = "sh", TimeSpan? linger = null, bool canary = false, string? disk = null, TimeSpan? hold = null)
    {
        SkipUnlessPossible(shell);
        var order = new CaptureOrder(CaptureIds.New(), new("shop", "web"), window, filter, "test", null, DateTimeOffset.UnixEpoch);
        var mount = disk is null ? "" : $"mount -t tmpfs -o size={disk} tmpfs /tmp && ";
        var holder = Start(["unshare", "--net", "--pid", "--mount-proc", "--fork", "--kill-child=KILL", "sh", "-c", $"ip link set lo up && {mount}echo ready && exec sleep 600"]);
        Assert.Equal("ready", await holder.StandardOutput.ReadLineAsync());
        var run = new TapRun(holder, shell.Split(' '), order);
        var command = TapScripts.Tap(TapParameters.Of(order, new TapOptions { Linger = linger ?? Linger, Canary = canary }), global::CaptureFlow.Sites.Kubernetes.Planning.Argv(order, order.Filter, new()));
        string[] variables = hold is { } time ? ["env", string.Create(CultureInfo.InvariantCulture, $"{TapSpec.HoldVariable}={time.TotalSeconds * 100:0}")] : [];
        run.Tap = Start([.. run.Enter(), .. variables, .. run.WithShell(command)]);
        return run;
    }

    /// <summary>Runs a companion as an exec would.</summary>
    public async Task<(int Code, string Answer)> AskAsync(string[] command) => await RunAsync(WithShell(command));

    public async Task<TapSummary> FinishAsync(bool stopNow = false)
    {
        var (code, answer) = await AskAsync(TapScripts.Finish(Order.CaptureId, stopNow, TimeSpan.FromSeconds(60)));
        Assert.Equal(0, code);
        return SummaryText.TryRead(answer) ?? throw new InvalidOperationException($"no summary: {answer}");
    }

    /// <summary>Runs a program inside the namespaces.</summary>
    public async Task<(int Code, string Answer)> RunAsync(params string[] command)
    {
        using var process = Start([.. Enter(), .. command]);
        var errors = process.StandardError.ReadToEndAsync();
        var answer = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, answer + await errors);
    }

    /// <summary>Sends datagrams of 100 bytes over the loopback, numbered from 1, with a pause between them.</summary>
    public Task SendAsync(int count, double pauseSeconds, int size = 100) => RunAsync(
        "python3",
        "-c",
        "import socket,sys,time\ns=socket.socket(socket.AF_INET,socket.SOCK_DGRAM)\nfor i in range(int(sys.argv[1])):\n s.sendto((b'request %d.' % (i+1)).ljust(int(sys.argv[3]), b'.'), ('127.0.0.1', 9))\n time.sleep(float(sys.argv[2]))",
        count.ToString(CultureInfo.InvariantCulture),
        pauseSeconds.ToString(CultureInfo.InvariantCulture),
        size.ToString(CultureInfo.InvariantCulture));

    public async Task<string> ReadCaptureAsync() => System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(CapturePath));

    public async Task<int> WaitExitAsync(TimeSpan cap)
    {
        await Tap.WaitForExitAsync().WaitAsync(cap);
        return Tap.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        _holder.Kill(entireProcessTree: true);
        await _holder.WaitForExitAsync();
        await Tap.WaitForExitAsync();
        Tap.Dispose();
        _holder.Dispose();
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static Process Start(string[] command)
    {
        var start = new ProcessStartInfo(command[0]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private string[] WithShell(string[] command) => [.. _shell, .. command[1..]];

    // The holder is unshare; its one child is inside the namespaces. The capabilities are those of the container.
    private string[] Enter() =>
    [
        "nsenter", $"--target={ChildOf(_holder.Id)}", "--net", "--pid", "--mount",
        "setpriv", "--bounding-set=-all,+net_raw,+setuid,+setgid", "--inh-caps=-all", "--",
    ];

    private static string ChildOf(int pid) => File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ')[0];
}
