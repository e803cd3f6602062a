using System.Globalization;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>Starts the tap in the node's toolbox, or finds it started, and waits until it listens.</summary>
internal sealed class NodeTapping(INodeSessions sessions, IOptions<GceOptions> options, TimeProvider time, ILogger<NodeTapping> logger)
{
    private static readonly TimeSpan LaunchCap = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitSlice = TimeSpan.FromSeconds(20);

    public async Task<StepResult<Tap>> EnsureAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken)
    {
        var id = plan.Order.CaptureId;
        var deadline = time.GetUtcNow() + options.Value.ToolboxAllowance;
        await using var session = await sessions.OpenAsync(plan, grant.ExpiresAt, options.Value.LoginWithin, cancellationToken);
        var launched = await session.RunAsync(NodeScripts.Launch(plan, grant.ExpiresAt, options.Value), LaunchCap, cancellationToken);
        if (launched.ExitCode != 0)
        {
            return StepResult.Fault<Tap>(NotLaunched(launched));
        }

        var words = string.Empty;
        while (time.GetUtcNow() < deadline)
        {
            var left = deadline - time.GetUtcNow();
            var slice = left < WaitSlice ? left : WaitSlice;
            var answer = await session.RunAsync(NodeScripts.Wait(id, slice), slice + LaunchCap, cancellationToken);
            var lines = answer.Output.Split('\n', 2);
            words = lines is [_, var log] ? log.Trim() : string.Empty;
            switch (lines[0].Split(' '))
            {
                case ["listening", var age] when long.TryParse(age, CultureInfo.InvariantCulture, out var centiseconds):
                    logger.ListeningOn(id, plan.Node);
                    return StepResult.Of(new Tap(id, null, time.GetUtcNow() - TimeSpan.FromMilliseconds(10 * centiseconds), Ephemeral: false));
                case ["ended", var code] when int.TryParse(code, CultureInfo.InvariantCulture, out var exit):
                    return StepResult.Fault<Tap>(Ended(exit, words));
                case ["absent"]:
                    return StepResult.Fault<Tap>(GceFaults.Gone());
            }
        }

        return StepResult.Fault<Tap>(new CaptureFault(
            FaultCodes.AttachTimeout,
            $"The tap does not listen after {options.Value.ToolboxAllowance.TotalSeconds:0} s.",
            $"Its first start on a node pulls the toolbox's image: run `toolbox true` there once, or raise {GceOptions.Section}:{nameof(GceOptions.ToolboxAllowance)}.",
            Detail: words));
    }

    private static CaptureFault NotLaunched(NodeAnswer answer) => answer.ExitCode switch
    {
        NodeScripts.NoToolbox => GceFaults.NoToolbox(answer.Errors.Trim()),
        NodeScripts.NoRoom => GceFaults.DiskFull(answer.Errors.Trim()),
        NodeScripts.Busy => GceFaults.ToolboxBusy(answer.Errors.Trim()),
        NodeScripts.Foreign => GceFaults.Foreign(answer.Errors.Trim()),
        _ => GceFaults.Failed("start the tap", $"exit code {answer.ExitCode}: {answer.Errors.Trim()}"),
    };

    private static CaptureFault Ended(int code, string words) => code switch
    {
        TapScripts.FilterWrong => Planning.FilterFault(words),
        TapScripts.CannotCapture => new(
            FaultCodes.ContainerCrashed, "tcpdump may not capture in the node's toolbox.", "`toolbox tcpdump -i any -c 1` must work on the node.", Detail: words),
        NodeScripts.NoTcpdump or 127 => GceFaults.NoToolbox($"no tcpdump in it: {words}"),
        0 => GceFaults.Gone(),
        _ when words.Contains("No space left", StringComparison.Ordinal) => GceFaults.DiskFull(words),
        _ => GceFaults.NoToolbox($"exit code {code}: {words}"),
    };
}
