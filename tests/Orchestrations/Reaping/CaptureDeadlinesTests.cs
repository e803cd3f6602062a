namespace CaptureFlow.Orchestrations.Tests.Reaping;

/// <summary>When a capture is past what it could ever take.</summary>
public sealed class CaptureDeadlinesTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    private static readonly CaptureOrder Order = new(
        "cf-0000000000000000", new("shop", "web"), new(TimeSpan.FromMinutes(10), CaptureWindow.HeaderSnapLength, 1 << 20), null, "tests", null, Noon);

    [Fact]
    public void Of_NeverTakenUp_AnHour() => Assert.Equal(Noon + CaptureDeadlines.Unstarted, CaptureDeadlines.Of(Order, null, Noon));

    [Theory]
    [InlineData(CaptureSteps.PlanCapture, 4)]
    [InlineData(CaptureSteps.AttachContainer, 4)]
    [InlineData(CaptureSteps.CaptureWindow, 10)]
    [InlineData(CaptureSteps.FinishCapture, 8)]
    [InlineData(CaptureSteps.RetrieveCapture, 12)]
    [InlineData(CaptureSteps.RevokePermission, 30)]
    [InlineData(CaptureSteps.AddProof, 30)]
    public void Of_StepUnderWay_ItsRepeatsOrWindowAndTheGrace(string step, int minutes) =>
        Assert.Equal(Noon.AddMinutes(minutes) + CaptureDeadlines.Grace, CaptureDeadlines.Of(Order, Progress(new StepRecord(step, Noon)), Noon.AddDays(-1)));

    [Fact]
    public void Of_StepEnded_TheGrace() => Assert.Equal(
        Noon + CaptureDeadlines.Grace, CaptureDeadlines.Of(Order, Progress(new StepRecord(CaptureSteps.CaptureWindow, Noon.AddMinutes(-10), Noon)), Noon.AddDays(-1)));

    [Fact]
    public void Of_FleetsCapture_ListensForTheOthersToo()
    {
        var member = Order with { Fleet = new("cf-ffffffffffffffff", TimeSpan.FromSeconds(75)) };

        Assert.Equal(Noon.AddMinutes(11.25) + CaptureDeadlines.Grace, CaptureDeadlines.Of(member, Progress(new StepRecord(CaptureSteps.CaptureWindow, Noon)), Noon));
    }

    [Fact]
    public void Of_Gates_UntilWhatTheyWaitFor()
    {
        var approval = Progress(new StepRecord(CaptureSteps.AwaitApproval, Noon)) with { Approval = new([], "", Noon.AddHours(3)) };
        var queue = Progress(new StepRecord(CaptureSteps.AwaitAdmission, Noon)) with { Queue = new(1, null, Noon, Noon.AddHours(2)) };

        Assert.Equal(Noon.AddHours(3) + CaptureDeadlines.Grace, CaptureDeadlines.Of(Order, approval, Noon));
        Assert.Equal(Noon.AddHours(2) + CaptureDeadlines.Grace, CaptureDeadlines.Of(Order, queue, Noon));
        Assert.Equal(Noon.AddHours(24) + CaptureDeadlines.Grace, CaptureDeadlines.Of(Order, queue with { Queue = null }, Noon));
    }

    [Fact]
    public void Of_Fleet_OnlyWhileItWaitsForItself()
    {
        FleetProgress waiting = new(CaptureState.AwaitingApproval, [], []) { Approval = new([], "", Noon.AddHours(3)) };

        Assert.Equal(Noon + CaptureDeadlines.Unstarted, CaptureDeadlines.Of(null, Noon));
        Assert.Equal(Noon.AddHours(3) + CaptureDeadlines.Grace, CaptureDeadlines.Of(waiting, Noon));
        Assert.Null(CaptureDeadlines.Of(new FleetProgress(CaptureState.Capturing, [], []), Noon));
    }

    private static CaptureProgress Progress(StepRecord last) => new(CaptureState.Planning, [new(CaptureSteps.PlanCapture, last.StartedAt.AddSeconds(-1), last.StartedAt), last]);
}
