namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>A revoke that fails, and a discard that fails, are told at once and by their own names.</summary>
public sealed class RevokeShownTests
{
    [Fact]
    public async Task Run_RevokeCannotAsk_IsShownFromTheFirstTryOn()
    {
        await using var lab = await CaptureLab.StartAsync();
        var tries = 0;
        lab.Steps.Revoke = () => Interlocked.Increment(ref tries) <= 3 ? throw new StepUnavailableException("away") : StepResult.Of(new RevocationProof(true, []));

        await lab.OrderAsync();
        var first = await lab.PassUntilShownAsync("the first failed try", progress => progress.RevokeUnproven is { Tries: 1 });
        var third = await lab.PassUntilShownAsync("the third failed try", progress => progress.RevokeUnproven is { Tries: 3 });
        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.Revoking, FaultCodes.RevokeUnproven, "away"), (first.State, first.RevokeUnproven!.Fault.Code, first.RevokeUnproven.Fault.Detail));
        Assert.Equal(first.RevokeUnproven.Since, third.RevokeUnproven!.Since);
        Assert.Equal((CaptureState.Completed, true), (report.State, report.Revocation!.Proven));
        Assert.Empty(report.Faults);
    }

    [Fact]
    public async Task Run_ProofDoesNotHold_ShowsTheAnswerBetweenTheRounds()
    {
        await using var lab = await CaptureLab.StartAsync();
        var rounds = 0;
        lab.Steps.Revoke = () => Interlocked.Increment(ref rounds) <= 2
            ? new StepResult<RevocationProof>(new RevocationProof(false, []), [FakeSteps.Fault])
            : StepResult.Of(new RevocationProof(true, []));

        await lab.OrderAsync();
        var shown = await lab.PassUntilShownAsync("the second round", progress => progress.RevokeUnproven is { Tries: 2 });
        var report = await lab.EndAsync();

        Assert.Equal(FakeSteps.Fault, shown.RevokeUnproven!.Fault);
        Assert.Equal(CaptureState.Completed, report.State);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Run_DiscardFails_EndsAsNotDiscarded(bool throws)
    {
        await using var lab = await CaptureLab.StartAsync();
        lab.Steps.Discard = () => throws ? throw new StepUnavailableException("away") : StepResult.Fault<Discarded>(FakeSteps.Fault);

        await lab.OrderAsync();
        await lab.WhenAsync(CaptureState.Capturing);
        await lab.RaiseAsync(CaptureEvents.Cancel);
        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.NotDiscarded, true), (report.State, report.Revocation!.Proven));
        Assert.Contains(report.Faults, fault => fault.Code == (throws ? FaultCodes.ClusterUnavailable : "a-code"));
    }
}
