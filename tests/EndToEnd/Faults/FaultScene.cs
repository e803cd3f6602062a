using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>Where one case plays: a namespace with one pod that talks to itself, a capture whose id is known before it is ordered, and a host.</summary>
internal sealed class FaultScene(FaultLab lab, string name) : IAsyncDisposable
{
    /// <summary>The pod that is captured in.</summary>
    public const string Pod = "target";

    /// <summary>Longer than any case may take that ends at all.</summary>
    public static readonly TimeSpan Soon = Until.Patience;

    /// <summary>For hosts: what would be waited for long is given up soon.</summary>
    public static readonly IReadOnlyDictionary<string, string> Settings = new Dictionary<string, string>
    {
        // In the case's own namespace, so that a fault of its calls is this case's alone.
        ["CaptureFlow__Cluster__AccountNamespace"] = "",
        ["CaptureFlow__Cluster__RequestTimeout"] = "00:00:05",
        ["CaptureFlow__Cluster__RetryFor"] = "00:00:06",
        ["CaptureFlow__Tap__PullTolerance"] = "00:00:03",
        ["CaptureFlow__Tap__StartAllowance"] = "00:00:20",
        ["CaptureFlow__Retrieval__Stall"] = "00:00:03",
        ["CaptureFlow__Retrieval__FirstPause"] = "00:00:00.1",
    };

    // It waits with a read of its own, on a pipe that says nothing: a sleep would be a process each time, twenty a second for each case.
    private const string Talk = "exec 9<> <(:); while :; do echo hello >/dev/udp/127.0.0.1/9; read -rt 0.05 -u 9; done 2>/dev/null";

    private readonly TemporaryFolder _state = new();
    private readonly List<TestHost> _hosts = [];
    private readonly List<string> _mounts = [];
    private CaptureApi? _api;
    private int _rules;

    public Harness.Sandbox Sandbox => lab.Sandbox;

    public string Space { get; } = $"f-{name}";

    /// <summary>The capture's; an order with a key has it before it is made.</summary>
    public string Id => CaptureIds.FromKey($"anonymous\n{Space}");

    /// <summary>Tells the application's process from all others.</summary>
    public string AppMark => $"app-of-{Space}";

    /// <summary>Where a host of its own keeps everything.</summary>
    public string State => _state.Path;

    /// <summary>Of the host that is asked now.</summary>
    public CaptureApi Api => _api ?? lab.Host.Api;

    public string Log => _hosts.Count > 0 ? string.Join("\n---\n", _hosts.Select(host => host.Log)) : $"(of all cases)\n{Relevant(lab.Host.Log)}";

    /// <summary>Whether a fault was put in front of the API server: then it must have played.</summary>
    public bool HasRules => _rules > 0;

    public async Task SetAsync()
    {
        await Sandbox.Admin.CoreV1.CreateNamespaceAsync(new V1Namespace { Metadata = new() { Name = Space } });
        await RunPodAsync(Talk);
    }

    /// <summary>Puts a pod with another script, or that has a deadline, in the place of the one that talks.</summary>
    public async Task ReplacePodAsync(string? script = null, long? deadlineSeconds = null)
    {
        await DeletePodAsync();
        await RunPodAsync(script ?? Talk, deadlineSeconds);
    }

    public async Task DeletePodAsync(int grace = 0)
    {
        var core = Sandbox.Admin.CoreV1;
        await core.DeleteNamespacedPodAsync(Pod, Space, gracePeriodSeconds: grace);
        await Until.FoundAsync("the pod is gone", Soon, async () => (await core.ListNamespacedPodAsync(Space)).Items.Count == 0 ? core : null);
    }

    /// <summary>A host of its own, which is asked from now on.</summary>
    public async Task<HostWithin> StartWithinAsync(string? state = null, params (string Name, string Value)[] environment) =>
        Asked(await HostWithin.StartAsync(state ?? State, Sandbox.CaptureFlowKubeconfig, With(environment)));

    /// <summary>The same as a process, which stops at a point or is killed.</summary>
    public async Task<HostProcess> StartHostAsync(string? pauseAt = null, string? state = null, params (string Name, string Value)[] environment) =>
        Asked(await HostProcess.StartAsync(state ?? State, Sandbox.CaptureFlowKubeconfig, pauseAt, With(environment)));

    /// <param name="seconds">The window.</param>
    /// <param name="bytes">The most that is kept, for whole packets; null for headers and no such bound.</param>
    public Task OrderAsync(int seconds = 2, string? bytes = null) => Api.PostAsync(
        "/api/captures",
        bytes is null
            ? new { target = new { pod = $"{Space}/{Pod}" }, window = new { duration = $"{seconds}s" } }
            : new { target = new { pod = $"{Space}/{Pod}" }, window = new { duration = $"{seconds}s", snapLength = "full", maxBytes = bytes } },
        Space);

    public Task<JsonNode> WhenEndedAsync(TimeSpan? within = null) => Api.WhenEndedAsync(Id, within ?? Soon);

    public Task<JsonNode> WhenAsync(string status) => Api.WhenAsync(Id, status, Soon);

    /// <summary>Orders it, and waits for its end.</summary>
    public async Task<JsonNode> CaptureAsync()
    {
        await OrderAsync();
        return await WhenEndedAsync();
    }

    /// <summary>A fault for requests whose path, behind this case's namespace, matches.</summary>
    /// <param name="path">A regular expression; empty for all of the namespace.</param>
    /// <param name="rule">Adds to the rule what is to happen.</param>
    /// <param name="method">Empty for any.</param>
    public async Task FaultAsync(string path, Func<JsonObject, JsonObject> rule, string method = "") =>
        await Sandbox.FaultAsync(rule(new JsonObject { ["id"] = $"{Space}-{_rules++}", ["method"] = method, ["path"] = PathOf(path) }));

    /// <summary>A regular expression for paths behind this case's namespace, for those of the whole cluster.</summary>
    public string PathOf(string path) => $"/namespaces/{Space}/{path}";

    /// <summary>The same for what the capture's own account asks outside of any namespace.</summary>
    public async Task FaultReviewsAsync(Func<JsonObject, JsonObject> rule) => await Sandbox.FaultAsync(
        rule(new JsonObject { ["id"] = $"{Space}-{_rules++}", ["path"] = "/selfsubjectaccessreviews", ["user"] = $"system:serviceaccount:{Space}:{Id}" }));

    /// <summary>What is asked of the namespace is answered again as it should be.</summary>
    public async Task MendAsync()
    {
        for (var i = 0; i < _rules; i++)
        {
            await Sandbox.ClearFaultAsync($"{Space}-{i}");
        }
    }

    /// <summary>What was asked of the API server in this namespace, and by this capture's account.</summary>
    public async Task<IReadOnlyList<AskedRequest>> AskedAsync() =>
    [
        .. (await Sandbox.RequestsAsync($"/namespaces/{Space}/", $":{Space}:")).Where(request =>
            request.Path.Contains($"/namespaces/{Space}/", StringComparison.Ordinal) || request.User == $"system:serviceaccount:{Space}:{Id}"),
    ];

    /// <summary>What captures have made in this namespace and not taken back.</summary>
    public async Task<IReadOnlyList<string>> LeftOversAsync() =>
        [.. (await Sandbox.LeftOversAsync()).Where(item => item.Contains($" {Space}/", StringComparison.Ordinal))];

    /// <summary>The state of the capture's container; null when there is none, or no pod.</summary>
    public async Task<V1ContainerStatus?> TapAsync() =>
        (await Sandbox.Admin.CoreV1.ListNamespacedPodAsync(Space)).Items.SingleOrDefault()?.Status.EphemeralContainerStatuses?.SingleOrDefault(it => it.Name == Id);

    /// <summary>Runs a shell line in the capture's container, as the cluster's administrator.</summary>
    public async Task InTapAsync(string line)
    {
        using var socket = await Sandbox.Admin.WebSocketNamespacedPodExecAsync(
            Pod, Space, ["sh", "-c", line, Id], Id, stderr: true, stdin: false, stdout: true, tty: false, webSocketSubProtocol: WebSocketProtocol.V4BinaryWebsocketProtocol);
        var limit = Until.Patience;
        await ExecStream.PumpAsync(socket, (_, _) => ValueTask.CompletedTask, new ExecLimits(limit, limit), TimeProvider.System, CancellationToken.None);
    }

    /// <summary>Ends a container's first process from outside, as the kernel does when the container's memory runs out.</summary>
    /// <param name="mark">What its command line has, and no other container's.</param>
    public static void KillContainer(string mark)
    {
        using var first = System.Diagnostics.Process.GetProcessById(FirstProcess(mark));
        first.Kill();
    }

    /// <summary>Leaves so little room where the tap writes; the rest of the disk is somebody else's.</summary>
    public Task ShrinkTapsDiskAsync(string size) =>
        RunAsync("nsenter", $"--target={FirstProcess(Id)}", "--mount", "mount", "-o", $"remount,size={size}", "/tmp");

    /// <summary>A small file system of its own, as the folder of that name.</summary>
    public async Task<string> MountAsync(string folder, string options)
    {
        var path = Path.Combine(State, folder);
        Directory.CreateDirectory(path);
        await RunAsync("mount", "-t", "tmpfs", "-o", options, "captureflow-faults", path);
        _mounts.Add(path);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        foreach (var mount in _mounts)
        {
            // Lazily: something that has just ended may still hold it.
            await RunAsync("umount", "--lazy", mount);
        }

        await MendAsync();
        await Sandbox.Admin.CoreV1.DeleteNamespaceAsync(Space);
        _state.Dispose();
    }

    // The one of the container's own process namespace that has number 1 there.
    private static int FirstProcess(string mark) => Directory.EnumerateDirectories("/proc")
        .Select(Path.GetFileName)
        .Where(name => int.TryParse(name, out _))
        .Where(name => TryRead(name!, "cmdline").Contains(mark, StringComparison.Ordinal)
            && TryRead(name!, "status").Split('\n').Any(line => line.StartsWith("NSpid:", StringComparison.Ordinal) && line.Trim().EndsWith("\t1", StringComparison.Ordinal)))
        .Select(name => int.Parse(name!, System.Globalization.CultureInfo.InvariantCulture))
        .Single();

    private static string TryRead(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine("/proc", process, file));
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(program, arguments);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
    }

    private static Dictionary<string, string> With((string Name, string Value)[] environment) =>
        environment.Select(it => KeyValuePair.Create(it.Name, it.Value)).Concat(Settings).DistinctBy(it => it.Key).ToDictionary();

    private T Asked<T>(T host)
        where T : TestHost
    {
        _hosts.Add(host);
        _api = host.Api;
        return host;
    }

    private string Relevant(string log) => string.Join('\n', log.Split('\n').Where(line => line.Contains(Id, StringComparison.Ordinal) || line.Contains(Space, StringComparison.Ordinal)));

    private async Task RunPodAsync(string script, long? deadlineSeconds = null)
    {
        var core = Sandbox.Admin.CoreV1;
        await core.CreateNamespacedPodAsync(
            new V1Pod
            {
                Metadata = new() { Name = Pod },
                Spec = new() { Containers = [new() { Name = "app", Image = "nicolaka/netshoot:v0.13", Command = ["bash", "-c", script, AppMark] }], RestartPolicy = "Always", ActiveDeadlineSeconds = deadlineSeconds },
            },
            Space);
        await Until.FoundAsync("the pod runs", Soon, async () => (await core.ReadNamespacedPodAsync(Pod, Space)).Status?.Phase == "Running" ? core : null);
    }
}
