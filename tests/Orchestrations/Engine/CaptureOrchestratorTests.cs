namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>The flow: which steps are called in which order, whatever happens to each of them.</summary>
public sealed class CaptureOrchestratorTests
{
    [Fact]
    public async Task Run_EveryStepSucceeds_InOrderAndCompleted()
    {
        await using var lab = await CaptureLab.StartAsync();

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Equal(
            [
                CaptureSteps.PlanCapture, CaptureSteps.GrantPermission, CaptureSteps.AttachContainer, CaptureSteps.FinishCapture,
                CaptureSteps.RetrieveCapture, CaptureSteps.StoreCapture, CaptureSteps.RevokePermission,
            ],
            lab.Steps.Calls);
        Assert.All(report.Timeline, step => Assert.NotNull(step.EndedAt));
        var window = report.Timeline.Single(step => step.Step == CaptureSteps.CaptureWindow);
        // No upper bound: the fast clock goes on while a step runs.
        Assert.True(window.EndedAt - window.StartedAt >= TimeSpan.FromSeconds(29));
    }

    [Fact]
    public async Task Run_PlanRefused_NothingElseIsCalled()
    {
        await using var lab = await CaptureLab.StartAsync();
        lab.Steps.Plan = () => StepResult.Fault<CapturePlan>(FakeSteps.Fault, FakeSteps.Fault with { Code = "another" });

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Refused, report.State);
        Assert.Equal(["a-code", "another"], report.Faults.Select(fault => fault.Code));
        Assert.Equal([CaptureSteps.PlanCapture], lab.Steps.Calls);
    }

    [Theory]
    [InlineData(CaptureSteps.GrantPermission, CaptureState.Failed)]
    [InlineData(CaptureSteps.AttachContainer, CaptureState.Failed)]
    [InlineData(CaptureSteps.FinishCapture, CaptureState.Completed)]
    [InlineData(CaptureSteps.RetrieveCapture, CaptureState.Completed)]
    [InlineData(CaptureSteps.StoreCapture, CaptureState.Failed)]
    public async Task Run_OneStepFaults_RevokeIsReached(string step, CaptureState expected)
    {
        await using var lab = await CaptureLab.StartAsync();
        Fail(lab.Steps, step);

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(expected, report.State);
        Assert.Equal(CaptureSteps.RevokePermission, lab.Steps.Calls[^1]);
        Assert.Contains(report.Faults, fault => fault.Code == "a-code");
        Assert.Equal("a-code", report.Timeline.Single(record => record.Step == step).Fault);
    }

    public static TheoryData<string, object?, string> NoResults()
    {
        TheoryData<string, object?, string> rows = [];
        foreach (var step in (string[])[CaptureSteps.GrantPermission, CaptureSteps.AttachContainer, CaptureSteps.FinishCapture, CaptureSteps.RetrieveCapture, CaptureSteps.StoreCapture])
        {
            rows.Add(step, "not a result", "could not be read");
            rows.Add(step, new { value = "a text", faults = "none" }, "could not be read");
            rows.Add(step, null, "came to nothing");
        }

        return rows;
    }

    [Theory]
    [MemberData(nameof(NoResults))]
    public async Task Run_StepComesToNoResult_RevokeIsReached(string step, object? result, string words)
    {
        await using var lab = await CaptureLab.StartAsync((step, result));

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureSteps.RevokePermission, lab.Steps.Calls[^1]);
        Assert.True(report.Revocation!.Proven);
        var fault = Assert.Single(report.Faults, fault => fault.Message.Contains(step, StringComparison.Ordinal));
        Assert.Equal(FaultCodes.StepFailed, fault.Code);
        Assert.Contains(words, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RevokeComesToNoResult_IsUnproven()
    {
        await using var lab = await CaptureLab.StartAsync((CaptureSteps.RevokePermission, "not a result"));

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.RevokeUnproven, null), (report.State, report.Revocation));
    }

    [Fact]
    public async Task Run_StepThrowsOnce_IsRepeated()
    {
        await using var lab = await CaptureLab.StartAsync();
        var attach = lab.Steps.Attach;
        var thrown = 0;
        lab.Steps.Attach = () => Interlocked.Increment(ref thrown) == 1 ? throw new StepUnavailableException("away") : attach();

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Equal(2, lab.Steps.Calls.Count(call => call == CaptureSteps.AttachContainer));
    }

    [Theory]
    [InlineData(true, FaultCodes.ClusterUnavailable)]
    [InlineData(false, FaultCodes.StepFailed)]
    public async Task Run_StepKeepsThrowing_FaultAndRevoke(bool unavailable, string code)
    {
        await using var lab = await CaptureLab.StartAsync();
        lab.Steps.Attach = () => throw (unavailable ? new StepUnavailableException("away") : new InvalidOperationException("a defect"));

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Failed, report.State);
        Assert.Equal(code, Assert.Single(report.Faults).Code);
        Assert.Equal(4, lab.Steps.Calls.Count(call => call == CaptureSteps.AttachContainer));
        Assert.Equal(CaptureSteps.RevokePermission, lab.Steps.Calls[^1]);
    }

    [Fact]
    public async Task Run_ObservationFails_CaptureGoesOn()
    {
        await using var lab = await CaptureLab.StartAsync();
        lab.Steps.Observe = () => throw new StepUnavailableException("away");

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Empty(report.Faults);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(FaultCodes.PodGone)]
    [InlineData(FaultCodes.TapGone)]
    [InlineData(FaultCodes.TargetChanged)]
    public async Task Run_TapEndedByItselfOrIsGone_WindowEndsEarly(string? code)
    {
        await using var lab = await CaptureLab.StartAsync();
        lab.Steps.Observe = () => code is null
            ? StepResult.Of(new TapObservation(100, Ended: true))
            : StepResult.Fault<TapObservation>(FakeSteps.Fault with { Code = code });

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        var window = report.Timeline.Single(step => step.Step == CaptureSteps.CaptureWindow);
        Assert.True(window.EndedAt - window.StartedAt < FakeSteps.Order.Window.Duration);
        Assert.Equal(CaptureState.Completed, report.State);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Run_StoreAwayAtTheRevoke_IsProvenAtOnceAndTheProofAddedLater(bool comesBack)
    {
        await using var lab = await CaptureLab.StartAsync();
        CaptureFault away = new(FaultCodes.StoreUnavailable, "It does not answer.", "Wait.");
        RevocationProof proof = new(true, [new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, DateTimeOffset.UnixEpoch)]);
        ProofRequest? added = null;
        lab.Steps.Revoke = () => new StepResult<RevocationProof>(proof, [away]);
        lab.Steps.AddProof = request =>
        {
            added = request;
            return comesBack ? StepResult.Of(request.Proof) : throw new InvalidOperationException("It does not answer.");
        };

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Equal(proof.Answers, report.Revocation!.Answers);
        Assert.Equal(proof.Answers, added!.Proof.Answers);
        Assert.Equal(comesBack ? [] : [FaultCodes.StepFailed], report.Faults.Select(fault => fault.Code));
        Assert.Single(lab.Steps.Calls, CaptureSteps.RevokePermission);
    }

    [Theory]
    [InlineData(2, CaptureState.Completed)]
    [InlineData(99, CaptureState.RevokeUnproven)]
    public async Task Run_RevokeUnproven_RepeatedAndNeverCalledProven(int unprovenRounds, CaptureState expected)
    {
        await using var lab = await CaptureLab.StartAsync();
        var rounds = 0;
        lab.Steps.Revoke = () => Interlocked.Increment(ref rounds) <= unprovenRounds
            ? new StepResult<RevocationProof>(new RevocationProof(false, []), [FakeSteps.Fault])
            : StepResult.Of(new RevocationProof(true, []));

        await lab.OrderAsync();
        var report = await lab.EndAsync();

        Assert.Equal(expected, report.State);
        Assert.Equal(Math.Min(unprovenRounds + 1, 4), rounds);
        Assert.NotNull(report.Evidence);
    }

    private static void Fail(FakeSteps steps, string step)
    {
        switch (step)
        {
            case CaptureSteps.GrantPermission:
                steps.Grant = () => Task.FromResult(StepResult.Fault<Grant>(FakeSteps.Fault));
                break;
            case CaptureSteps.AttachContainer:
                steps.Attach = () => StepResult.Fault<Tap>(FakeSteps.Fault);
                break;
            case CaptureSteps.FinishCapture:
                steps.Finish = _ => StepResult.Fault<TapSummary>(FakeSteps.Fault);
                break;
            case CaptureSteps.RetrieveCapture:
                steps.Retrieve = () => Task.FromResult(new StepResult<RetrievedFile>(new RetrievedFile(10, "half", false, 3), [FakeSteps.Fault]));
                break;
            default:
                steps.Store = () => StepResult.Fault<StoredEvidence>(FakeSteps.Fault);
                break;
        }
    }
}
