using System.Diagnostics;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Telemetry;

public sealed class StepTelemetryTests : IDisposable
{
    private readonly TelemetryParts _parts = new();
    private readonly string _captureId = CaptureIds.New();

    public void Dispose() => _parts.Dispose();

    [Fact]
    public async Task Run_StepDone_DurationAndSpan()
    {
        var grant = StepResult.Of(new Grant("shop", _captureId, "a", "b", "role", default, default));

        var result = await _parts.Steps.RunAsync(CaptureSteps.GrantPermission, _captureId, () =>
        {
            _parts.Time.Advance(TimeSpan.FromSeconds(2));
            return Task.FromResult(grant);
        });

        Assert.Same(grant, result);
        Assert.Equal(2, Assert.Single(_parts.Metrics.Sums(MetricNames.StepDuration), m => m.Key == "step=GrantPermission,outcome=done").Value);
        var span = Assert.Single(_parts.Spans.Of(_captureId));
        Assert.Equal((CaptureSteps.GrantPermission, "done"), (span.OperationName, span.GetTagItem(CaptureTrace.Outcome)));
    }

    [Fact]
    public async Task Run_StepFaulted_SpanSaysWhichFault()
    {
        await _parts.Steps.RunAsync(CaptureSteps.AttachContainer, _captureId, () => Task.FromResult(StepResult.Fault<Tap>(Make.Fault)));

        var span = Assert.Single(_parts.Spans.Of(_captureId));
        Assert.Equal(("faulted", "a-code", ActivityStatusCode.Error), (span.GetTagItem(CaptureTrace.Outcome), span.GetTagItem(CaptureTrace.Fault), span.Status));
        Assert.Equal(1, _parts.Metrics.Counts(MetricNames.StepDuration)["step=AttachContainer,outcome=faulted"]);
    }

    [Fact]
    public async Task Run_StepThrows_ThrownOnAndOnlyItsTypeIsNoted()
    {
        var thrown = await Assert.ThrowsAsync<StepUnavailableException>(() => _parts.Steps.RunAsync<Tap>(
            CaptureSteps.AttachContainer, _captureId, () => throw new StepUnavailableException("the server's own words")));

        var span = Assert.Single(_parts.Spans.Of(_captureId));
        Assert.Equal(typeof(StepUnavailableException).FullName, span.GetTagItem("error.type"));
        Assert.Empty(span.Events);
        Assert.DoesNotContain(span.TagObjects, tag => tag.Value is string text && text.Contains(thrown.Message, StringComparison.Ordinal));
        Assert.Equal(1, _parts.Metrics.Counts(MetricNames.StepDuration)["step=AttachContainer,outcome=threw"]);
    }

    [Fact]
    public async Task Run_HostStops_InterruptedIsNoError()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => _parts.Steps.RunAsync<Tap>(CaptureSteps.AttachContainer, _captureId, () => throw new OperationCanceledException()));

        Assert.Equal(ActivityStatusCode.Unset, Assert.Single(_parts.Spans.Of(_captureId)).Status);
        Assert.Equal(1, _parts.Metrics.Counts(MetricNames.StepDuration)["step=AttachContainer,outcome=interrupted"]);
    }

    [Fact]
    public async Task Run_InsideACall_CallerIsLinkedAndTheTraceIsTheCaptures()
    {
        using var caller = new Activity("invocation").Start();

        await _parts.Steps.RunAsync(CaptureSteps.DiscardCapture, _captureId, () => Task.FromResult(StepResult.Of(new Discarded(_captureId))));

        var span = Assert.Single(_parts.Spans.Of(_captureId));
        Assert.Equal(CaptureTrace.ContextOf(_captureId).TraceId, span.TraceId);
        Assert.NotEqual(caller.TraceId, span.TraceId);
        Assert.Equal(caller.SpanId, Assert.Single(span.Links).Context.SpanId);
        Assert.Same(caller, Activity.Current);
    }

    [Fact]
    public async Task Run_PlanRefused_FinishedAsRefusedAndNeverStarted()
    {
        await _parts.Steps.RunAsync(CaptureSteps.PlanCapture, _captureId, () => Task.FromResult(StepResult.Fault<CapturePlan>(Make.Fault)));

        Assert.Equal(1, _parts.Metrics.Sums(MetricNames.CapturesFinished)["verdict=Refused"]);
        Assert.Empty(_parts.Metrics.Sums(MetricNames.CapturesStarted));
    }

    [Theory]
    [InlineData(null, "verdict=Cancelled")]
    [InlineData("a-code", "verdict=Failed")]
    public async Task RunRevoke_NoEvidence_FinishedOnceByWhatHappened(string? fault, string expected)
    {
        var before = Make.Step(CaptureSteps.AttachContainer, fault);

        await RevokeAsync(Make.Revoke(1, before), proven: false);
        await RevokeAsync(Make.Revoke(2, before), proven: true);

        var finished = Assert.Single(_parts.Metrics.Sums(MetricNames.CapturesFinished));
        Assert.Equal((expected, 1), (finished.Key, finished.Value));
    }

    [Fact]
    public async Task RunRevoke_EvidenceStored_NotFinishedAgain()
    {
        await RevokeAsync(Make.Revoke(1, Make.Step(CaptureSteps.CaptureWindow), Make.Step(CaptureSteps.StoreCapture)), proven: true);

        Assert.Empty(_parts.Metrics.Sums(MetricNames.CapturesFinished));
        Assert.Equal(30, _parts.Metrics.Sums(MetricNames.StepDuration)["step=CaptureWindow,outcome=done"]);
    }

    [Theory]
    [InlineData(1, false, 0)]
    [InlineData(CaptureOrchestrator.RevokeRounds, false, 1)]
    [InlineData(CaptureOrchestrator.RevokeRounds, true, 0)]
    public async Task RunRevoke_Unproven_CountsInTheLastRoundAlone(int round, bool proven, double expected)
    {
        await RevokeAsync(Make.Revoke(round), proven);

        Assert.Equal(expected, _parts.Metrics.Sums(MetricNames.RevocationsUnproven).Values.Sum());
    }

    [Fact]
    public async Task RunRevoke_LastRoundThrows_CountsAsUnproven()
    {
        await Assert.ThrowsAsync<StepUnavailableException>(() => _parts.Steps.RunRevokeAsync(
            Make.Revoke(CaptureOrchestrator.RevokeRounds), () => throw new StepUnavailableException("away")));

        Assert.Equal(1, _parts.Metrics.Sums(MetricNames.RevocationsUnproven).Values.Sum());
    }

    private Task<StepResult<RevocationProof>> RevokeAsync(RevokeRequest request, bool proven) =>
        _parts.Steps.RunRevokeAsync(request, () => Task.FromResult(new StepResult<RevocationProof>(new RevocationProof(proven, []), proven ? [] : [Make.Fault])));
}
