namespace CaptureFlow.Orchestrations.Tests.Engine;

public sealed class FleetOrchestratorTests
{
    private static readonly TimeSpan Window = FleetLab.Order.Window.Duration;

    [Fact]
    public async Task Run_OnePodStartsLate_AllListenForOneSharedWindow()
    {
        await using var lab = new FleetLab("a", "b", "c") { AttachTakes = pod => TimeSpan.FromSeconds(pod == "c" ? 20 : 1) };
        await lab.StartAsync();

        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Equal(["a", "b", "c"], report.Members.Select(member => member.Pod));
        Assert.All(report.Members, member => Assert.Equal((CaptureState.Completed, Verdict.Complete, true), (member.State, member.Verdict, member.RightsGone)));
        Assert.True(report.Window!.From >= lab.Listening["c"], "the window opened before the last tap listened");
        Assert.Equal(Window, report.Window.Until - report.Window.From);
        Assert.All(lab.Finished.Values, end => Assert.True(end.StopNow && end.At >= report.Window.Until, $"{end} of {report.Window}"));
    }

    [Fact]
    public async Task Run_OnePodFails_TheOthersGoOnAndTheReportSaysSo()
    {
        await using var lab = new FleetLab("a", "b", "c") { AttachTakes = pod => pod == "b" ? null : TimeSpan.FromSeconds(1) };
        await lab.StartAsync();

        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Equal([CaptureState.Completed, CaptureState.Failed, CaptureState.Completed], report.Members.Select(member => member.State));
        Assert.Equal("a-code", Assert.Single(report.Members[1].Faults).Code);
        Assert.True(report.Members[1].RightsGone);
    }

    [Fact]
    public async Task Run_OnePodFarTooLate_TheWindowOpensWithoutIt()
    {
        await using var lab = new FleetLab("a", "b") { AttachTakes = pod => TimeSpan.FromSeconds(pod == "b" ? 100 : 0) };
        await lab.StartAsync();

        var report = await lab.EndAsync();

        Assert.InRange(report.Window!.From - lab.Listening["a"], FleetOrder.StartAllowance, FleetOrder.StartAllowance + TimeSpan.FromSeconds(10));
        Assert.True(lab.Finished["a"].StopNow);
        Assert.True(lab.Finished["a"].At >= report.Window.Until);
        Assert.True(lab.Finished["b"].At >= lab.Listening["b"]);
    }

    [Theory]
    [InlineData(CaptureEvents.Stop, CaptureState.Completed)]
    [InlineData(CaptureEvents.Cancel, CaptureState.Cancelled)]
    public async Task Run_EndAskedInsideTheWindow_ReachesEveryCapture(string eventName, CaptureState expected)
    {
        await using var lab = new FleetLab("a", "b");
        await lab.StartAsync();
        await lab.PassUntilAsync("the shared window", async () => (await lab.ProgressAsync())?.State == CaptureState.Capturing);
        var opened = (await lab.ProgressAsync())!.Window!;

        await lab.RaiseAsync(eventName);
        var report = await lab.EndAsync();

        Assert.Equal((expected, expected), (report.State, report.Members[0].State));
        Assert.All(report.Members, member => Assert.Equal(expected, member.State));
        Assert.Equal(eventName == CaptureEvents.Stop ? 2 : 0, lab.Finished.Count);
        Assert.All(lab.Finished.Values, end => Assert.True(end.StopNow && end.At < opened.Until));
    }

    [Fact]
    public async Task Run_CancelWhileAttaching_NoCaptureIsKept()
    {
        await using var lab = new FleetLab("a", "b") { AttachTakes = _ => TimeSpan.FromSeconds(20) };
        await lab.StartAsync();
        await lab.PassUntilAsync("the captures", async () => (await lab.ProgressAsync())?.State == CaptureState.Attaching);

        await lab.RaiseAsync(CaptureEvents.Cancel);
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Cancelled, report.State);
        Assert.All(report.Members, member => Assert.Equal((CaptureState.Cancelled, true), (member.State, member.RightsGone)));
        Assert.Empty(lab.Finished);
    }

    [Fact]
    public async Task Run_StopWhileResolving_EndsBeforeTheFirstCapture()
    {
        var resolved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var lab = new FleetLab("a", "b") { Resolving = resolved.Task };
        await lab.StartAsync();
        await lab.RaiseAsync(CaptureEvents.Stop);

        resolved.SetResult();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Cancelled, report.State);
        Assert.Empty(report.Members);
        Assert.Empty(lab.Listening);
    }

    [Fact]
    public void Progress_AtEveryCeiling_FitsACustomStatus()
    {
        string Name(int i) => new string('p', 249) + $".{i:000}";
        FleetProgress progress = new(
            CaptureState.Attaching,
            [.. Enumerable.Range(0, 50).Select(i => FleetMember.Of("cf-ffffffffffffffff", DateTimeOffset.UnixEpoch, Name(i), $"uid {i}"))],
            [.. Enumerable.Range(50, 50).Select(i => new LeftOutPod(Name(i), "not running: CrashLoopBackOff, and has been for a while"))]);

        var bounded = progress.Bounded();

        Assert.InRange(System.Text.Json.JsonSerializer.Serialize(bounded).Length, 1, FleetProgress.Longest);
        Assert.Equal(progress.Members.Select(member => member.CaptureId), bounded.Members.Select(member => member.CaptureId));
        Assert.Equal(50, bounded.LeftOut.Count + bounded.LeftOutMore);
        Assert.Contains(bounded.Members, member => member.Pod.Length > 0);
    }

    [Fact]
    public void Progress_OfTheUsualSize_IsWhole()
    {
        FleetProgress progress = new(CaptureState.Attaching, [FleetMember.Of("cf-ffffffffffffffff", DateTimeOffset.UnixEpoch, "web", "uid")], [new("idle", "not running: Pending")]);

        Assert.Same(progress, progress.Bounded());
    }

    [Fact]
    public async Task Run_NoPods_IsRefusedWithTheReason()
    {
        await using var lab = new FleetLab { Plan = StepResult.Fault<FleetPlan>(new CaptureFault(FaultCodes.NoPods, "None.", "Look.")) };
        await lab.StartAsync();

        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.Refused, FaultCodes.NoPods), (report.State, Assert.Single(report.Faults).Code));
    }
}
