using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Faults;

/// <summary>What may become of the container that captures, and of tcpdump in it.</summary>
internal static class TapFaults
{
    private const string Group = "tap";

    public static IEnumerable<FaultCase> Cases() =>
    [
        new(Group, "tcpdump-killed", "tcpdump is killed in the window", new("completed", nameof(Verdict.Partial)), scene => KillAsync(scene, "KILL")),
        new(Group, "tcpdump-ended", "tcpdump is ended politely in the window", new("completed", nameof(Verdict.Partial)), scene => KillAsync(scene, "TERM")),
        new(Group, "container-killed", "everything in the container is killed, as when it runs out of memory", new("failed", nameof(Verdict.Failed), FaultCodes.TapGone), OutOfMemoryAsync),
        new(Group, "disk-full", "the disk under the file is full in the window", new("completed", nameof(Verdict.Partial)), DiskFullAsync),
        new(Group, "file-truncated", "the file is truncated after its hash was taken", new("completed", nameof(Verdict.Partial), FaultCodes.TransferCut), TruncatedAsync),
        new(Group, "file-changed", "a byte of the file is changed after its hash was taken", new("completed", nameof(Verdict.Partial), FaultCodes.FileMismatch), ChangedAsync),
    ];

    private static async Task<JsonNode> KillAsync(FaultScene scene, string signal)
    {
        await scene.OrderAsync(300);
        await scene.WhenAsync("capturing");
        // Something is in the file: what tcpdump still has in its buffer is lost with it.
        await scene.InTapAsync("while [ ! -s /tmp/captureflow/$0/capture.pcap ]; do sleep 0.1; done");
        await scene.InTapAsync($"for p in /proc/[0-9]*; do [ \"$(cat $p/comm)\" = tcpdump ] && kill -{signal} ${{p#/proc/}}; done");
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> OutOfMemoryAsync(FaultScene scene)
    {
        await scene.OrderAsync(300);
        await scene.WhenAsync("capturing");
        FaultScene.KillContainer(scene.Id);
        await Until.FoundAsync("the container has ended", FaultScene.Soon, async () => await scene.TapAsync() is { State.Terminated: not null } ? scene : null);
        return await scene.WhenEndedAsync();
    }

    private static async Task<JsonNode> DiskFullAsync(FaultScene scene)
    {
        await scene.ReplacePodAsync("exec 9<> <(:); w=$(printf %1400s); while :; do printf %s \"$w\" >/dev/udp/127.0.0.1/9; read -rt 0.02 -u 9; done 2>/dev/null");
        await scene.OrderAsync(60, "16MiB");
        await scene.WhenAsync("capturing");
        await scene.ShrinkTapsDiskAsync("512k");
        return await scene.WhenEndedAsync();
    }

    private static Task<JsonNode> TruncatedAsync(FaultScene scene) => FinishedAsync(scene, "truncate -s -10 /tmp/captureflow/$0/capture.pcap");

    private static Task<JsonNode> ChangedAsync(FaultScene scene) =>
        FinishedAsync(scene, "printf X | dd of=/tmp/captureflow/$0/capture.pcap bs=1 seek=70 conv=notrunc");

    // What is done to the file between its account and its retrieval.
    private static async Task<JsonNode> FinishedAsync(FaultScene scene, string line)
    {
        var host = await scene.StartHostAsync("finish:after");
        await scene.OrderAsync();
        await host.PausedAsync("finish:after", FaultScene.Soon);
        await scene.InTapAsync(line);
        await host.GoOnAsync();
        return await scene.WhenEndedAsync();
    }
}
