namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>A second person's word, between plan and grant.</summary>
public sealed class GateTests
{
    private static readonly ApprovalTerms Terms = new(["Two look."], TimeSpan.FromMinutes(2));

    [Fact]
    public async Task Approval_YesOfAnother_GoesOnWithTheApproverInItsOrder()
    {
        await using var lab = await WaitingAsync();

        await lab.RaiseAsync(CaptureEvents.Decision, Word("bob", yes: true, "go ahead"));
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Equal(("bob", "go ahead"), (report.Plan!.Order.Approval!.By, report.Approval!.Decision!.Comment));
        Assert.Equal([CaptureSteps.PlanCapture, CaptureSteps.AwaitApproval, CaptureSteps.GrantPermission], report.Timeline.Take(3).Select(step => step.Step));
    }

    [Fact]
    public async Task Approval_NotYetGiven_NothingIsDoneAndTheStatusSaysWhoMayAndUntilWhen()
    {
        await using var lab = await WaitingAsync();

        var progress = await lab.ProgressAsync();

        Assert.Equal([CaptureSteps.PlanCapture], lab.Steps.Calls);
        Assert.Equal(["Two look."], progress!.Approval!.Why);
        Assert.Equal("A caller with the role approver, other than tests.", progress.Approval.WhoMay);
        Assert.True(progress.Approval.Until > DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task Approval_OwnYes_DoesNotCountEvenWhenRaisedPastTheApi()
    {
        await using var lab = await WaitingAsync();

        await lab.RaiseAsync(CaptureEvents.Decision, Word("tests", yes: true));
        await lab.RaiseAsync(CaptureEvents.Decision, Word("bob", yes: false, "not now"));
        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.Denied, FaultCodes.ApprovalDenied, "not now"), (report.State, report.Faults[0].Code, report.Faults[0].Detail));
        Assert.Equal([CaptureSteps.PlanCapture], lab.Steps.Calls);
        Assert.Null(report.Revocation);
    }

    [Fact]
    public async Task Approval_NobodyInTime_Expired()
    {
        await using var lab = await WaitingAsync();

        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.Expired, FaultCodes.ApprovalExpired), (report.State, Assert.Single(report.Faults).Code));
        Assert.Equal(TimeSpan.FromMinutes(2), report.Approval!.Until - report.Timeline.Single(step => step.Step == CaptureSteps.AwaitApproval).StartedAt);
        Assert.Equal([CaptureSteps.PlanCapture], lab.Steps.Calls);
    }

    [Theory]
    [InlineData(CaptureEvents.Cancel)]
    [InlineData(CaptureEvents.Stop)]
    public async Task Approval_EndedMeanwhile_CancelledAtOnce(string eventName)
    {
        await using var lab = await WaitingAsync();

        await lab.RaiseAsync(eventName);
        var report = await lab.EndWithoutTimeAsync();

        Assert.Equal((CaptureState.Cancelled, 0), (report.State, report.Faults.Count));
        Assert.Equal([CaptureSteps.PlanCapture], lab.Steps.Calls);
    }

    private static async Task<CaptureLab> WaitingAsync()
    {
        var lab = await CaptureLab.StartAsync();
        var plan = lab.Steps.Plan();
        lab.Steps.Plan = () => plan with { Value = plan.Value! with { Approval = Terms } };
        await lab.OrderAsync();
        await lab.WhenAsync(CaptureState.AwaitingApproval);
        return lab;
    }

    private static ApprovalDecision Word(string by, bool yes, string? comment = null) => new(yes, by, by, comment, DateTimeOffset.UnixEpoch);
}
