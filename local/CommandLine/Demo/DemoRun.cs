using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The demo's one capture, and the look into its file.</summary>
internal sealed class DemoRun(Terminal terminal, bool json, string window, string outputFolder, TimeProvider time)
{
    /// <summary>Everything in a sandbox cluster that begins and ends with the demo.</summary>
    /// <exception cref="OperationCanceledException">Interrupted before the capture began.</exception>
    public async Task<CaptureResult> RunInSandboxAsync(bool onNode, Interrupts interrupts)
    {
        using var folder = DemoFolder.Create(time);
        Say("Starting a sandbox cluster with a shop in it: real processes in real network namespaces.");
        await using var sandbox = await SandboxProcess.StartAsync(Path.Combine(folder.Path, "sandbox"), interrupts.End);
        ClusterChoice cluster = new(sandbox.Kubeconfig, null);
        var result = onNode
            ? await CompareAsync(cluster, folder.Path, interrupts)
            : await CaptureAsync(cluster, new("shop", "web"), Path.Combine(folder.Path, "state"), interrupts);
        return result.Status is { } status && !CaptureStatus.IsEnd(status)
            ? result with { Notes = ["The capture was given up, and the sandbox cluster ended with everything in it."] }
            : result;
    }

    /// <summary>The same in a user's cluster, in a namespace that begins and ends with the demo.</summary>
    /// <exception cref="OperationCanceledException">Interrupted before the capture began.</exception>
    public async Task<CaptureResult> RunInClusterAsync(ClusterChoice cluster, string? image, Interrupts interrupts)
    {
        Say($"Making the namespace {DemoNamespace.Name} with a web pod and its client.");
        await using var shop = await DemoNamespace.CreateAsync(cluster, image ?? new TapOptions().Image, time, interrupts.End);
        return await CaptureAsync(cluster with { Image = image }, new(DemoNamespace.Name, DemoPods.WebName), StateHome.NewRun(), interrupts);
    }

    private async Task<CaptureResult> CaptureAsync(ClusterChoice cluster, RequestedTarget target, string stateFolder, Interrupts interrupts)
    {
        await using var server = await CaptureServer.StartAsync(cluster, stateFolder, time, interrupts.End);
        Say($"Ordering a capture of {target} for {window}.");
        CaptureSession session = new(server, terminal.View(json, time), time);
        CaptureRequest request = new(target, new(window, null, null, null), null, "demo");
        var result = await session.RunAsync(request, EvidencePaths.Of(target, null) with { OfOne = id => Path.Combine(outputFolder, $"demo-{id}.pcap") }, interrupts);
        return result.Path is null ? result : await LookAsync(result, interrupts.Now);
    }

    // Each capture has a host of its own, because a session ends its host.
    private async Task<CaptureResult> CompareAsync(ClusterChoice cluster, string folder, Interrupts interrupts)
    {
        RequestedTarget target = new("shop", "web");
        Say($"Ordering two captures of {target} for {window}: in the pod (in the background), and on its node.");
        await using var beside = await CaptureServer.StartAsync(cluster, Path.Combine(folder, "state-pod"), time, interrupts.End);
        await using var server = await CaptureServer.StartAsync(cluster, Path.Combine(folder, "state-node"), time, interrupts.End);
        var inPod = SessionAsync(beside, new SilentView(TextWriter.Null), target, "pod", interrupts);
        var onNode = await SessionAsync(server, terminal.View(json, time), target with { Method = CaptureMethods.Node }, "node", interrupts);
        var pod = await inPod;
        if (onNode.Path is null || pod.Path is null)
        {
            return pod.ExitCode == ExitCodes.Complete ? onNode : pod;
        }

        NodeComparison seen = new(
            await TrafficReader.ReadAsync(pod.Path, interrupts.Now), pod.Path, await TrafficReader.ReadAsync(onNode.Path, interrupts.Now));
        var ended = Math.Max(onNode.ExitCode, pod.ExitCode);
        return onNode with { Compared = seen, ExitCode = ended == ExitCodes.Complete && !seen.Holds ? ExitCodes.ProofFailed : ended };
    }

    private Task<CaptureResult> SessionAsync(CaptureServer server, ICaptureView view, RequestedTarget target, string method, Interrupts interrupts) =>
        new CaptureSession(server, view, time).RunAsync(
            new(target, new(window, null, null, null), null, "demo"),
            EvidencePaths.Of(target, null) with { OfOne = id => Path.Combine(outputFolder, $"demo-{method}-{id}.pcap") },
            interrupts);

    private static async Task<CaptureResult> LookAsync(CaptureResult result, CancellationToken cancellationToken)
    {
        var seen = await TrafficReader.ReadAsync(result.Path!, cancellationToken);
        return result with { Seen = seen, ExitCode = result.ExitCode == ExitCodes.Complete && !seen.Holds ? ExitCodes.ProofFailed : result.ExitCode };
    }

    private void Say(string sentence)
    {
        if (!json)
        {
            terminal.Output.WriteLine(sentence);
            terminal.Output.Flush();
        }
    }
}
