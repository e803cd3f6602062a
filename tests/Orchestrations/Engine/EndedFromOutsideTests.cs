namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>What a stop or a cancel does to the flow, wherever it meets it.</summary>
public sealed class EndedFromOutsideTests
{
    [Fact]
    public async Task Run_Stopped_FinishIsToldAndFileKept()
    {
        await using var lab = await CaptureLab.StartAsync();
        var stopNow = false;
        var finish = lab.Steps.Finish;
        lab.Steps.Finish = request =>
        {
            stopNow = request.StopNow;
            return finish(request);
        };

        await lab.OrderAsync();
        await lab.WhenAsync(CaptureState.Capturing);
        await lab.RaiseAsync(CaptureEvents.Stop);
        var report = await lab.EndAsync();

        Assert.True(stopNow);
        Assert.Equal(CaptureState.Completed, report.State);
        Assert.NotNull(report.Evidence);
    }

    [Fact]
    public async Task Run_CancelledInTheWindow_RevokedAndDiscarded()
    {
        await using var lab = await CaptureLab.StartAsync();

        await lab.OrderAsync();
        await lab.WhenAsync(CaptureState.Capturing);
        await lab.RaiseAsync(CaptureEvents.Cancel);
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Cancelled, report.State);
        Assert.Null(report.Evidence);
        Assert.Equal([CaptureSteps.RevokePermission, CaptureSteps.DiscardCapture], lab.Steps.Calls.TakeLast(2));
        Assert.DoesNotContain(CaptureSteps.FinishCapture, lab.Steps.Calls);
    }

    [Fact]
    public async Task Run_CancelledWhileRetrieving_RevokeDoesNotWaitForTheTransfer()
    {
        await using var lab = await CaptureLab.StartAsync();
        var transfer = new TaskCompletionSource<StepResult<RetrievedFile>>();
        lab.Steps.Retrieve = () => transfer.Task;

        await lab.OrderAsync();
        await lab.PassUntilAsync("retrieving", () => lab.Steps.Calls.Contains(CaptureSteps.RetrieveCapture));
        await lab.RaiseAsync(CaptureEvents.Cancel);
        await lab.PassUntilAsync("revoked", () => lab.Steps.Calls.Contains(CaptureSteps.RevokePermission));
        transfer.SetResult(StepResult.Fault<RetrievedFile>(FakeSteps.Fault));
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Cancelled, report.State);
        Assert.DoesNotContain(CaptureSteps.StoreCapture, lab.Steps.Calls);
    }

    [Fact]
    public async Task Run_CancelledWhileGranting_GrantIsAwaitedThenRevoked()
    {
        await using var lab = await CaptureLab.StartAsync();
        var grant = lab.Steps.Grant;
        var gate = new TaskCompletionSource();
        lab.Steps.Grant = async () =>
        {
            await gate.Task;
            return await grant();
        };

        await lab.OrderAsync();
        await lab.WhenAsync(CaptureState.Granting);
        await lab.RaiseAsync(CaptureEvents.Cancel);
        gate.SetResult();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Cancelled, report.State);
        Assert.DoesNotContain(CaptureSteps.AttachContainer, lab.Steps.Calls);
        Assert.Contains(CaptureSteps.RevokePermission, lab.Steps.Calls);
    }
}
