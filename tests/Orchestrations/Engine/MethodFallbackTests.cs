namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>An order that leaves the method open goes on the node when the cluster refuses the tap in the pod, and says so.</summary>
public sealed class MethodFallbackTests
{
    private static readonly CaptureFault Refusal = new(FaultCodes.AdmissionRefused, "The admission webhook 'no-root' refuses what the capture makes.", "Ask its owner.", Detail: "denied the request");
    private static readonly CaptureOrder Auto = FakeSteps.Order with { Target = FakeSteps.Order.Target with { Method = CaptureMethods.Auto } };

    [Fact]
    public async Task Auto_AttachRefusedByAdmission_CapturesOnTheNodeAndSaysWhy()
    {
        await using var lab = await StartAsync(Auto);

        await lab.OrderAsync(Auto);
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.Completed, report.State);
        Assert.Empty(report.Faults);
        Assert.Equal(CaptureMethods.NodePod, report.Plan!.Site);
        Assert.Contains("On the node, because the cluster refused the tap in the pod: The admission webhook 'no-root' refuses", report.Plan.Choice, StringComparison.Ordinal);
        Assert.Equal(Auto, report.Plan.Order);
        Assert.Equal(
            [
                CaptureSteps.PlanCapture, CaptureSteps.GrantPermission, CaptureSteps.AttachContainer, CaptureSteps.RevokePermission,
                CaptureSteps.PlanCapture, CaptureSteps.GrantPermission, CaptureSteps.AttachContainer, CaptureSteps.FinishCapture,
                CaptureSteps.RetrieveCapture, CaptureSteps.StoreCapture, CaptureSteps.RevokePermission,
            ],
            lab.Steps.Calls);
        Assert.Contains(report.Timeline, step => step is { Step: CaptureSteps.AttachContainer, Fault: FaultCodes.AdmissionRefused });
    }

    [Theory]
    [InlineData(CaptureMethods.Pod, false, false)]
    [InlineData(CaptureMethods.Auto, true, false)]
    [InlineData(CaptureMethods.Auto, false, true)]
    public async Task NotCalledForOrNotAllowed_StaysRefused(string method, bool needsApproval, bool needsPlace)
    {
        var order = Auto with { Target = Auto.Target with { Method = method } };
        await using var lab = await StartAsync(order, plan => plan with
        {
            Approval = needsApproval ? new(["Two look."], TimeSpan.FromMinutes(30)) : null,
            Admission = needsPlace ? new([new(QuotaScope.Node, "node", QuotaKind.Concurrent, 1, 1)], Queue: false, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1)) : null,
        });

        await lab.OrderAsync(order);
        var report = await lab.EndAsync();

        Assert.Equal((CaptureState.Failed, CaptureMethods.Pod), (report.State, report.Plan!.Site));
        Assert.Contains(Refusal, report.Faults);
        Assert.Equal(needsApproval || needsPlace, report.Faults.Any(fault => fault.Remedy.Contains("\"method\": \"node\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Auto_FirstRightsNotProvenGone_GoesNoFurther()
    {
        await using var lab = await StartAsync(Auto);
        lab.Steps.Revoke = () => new StepResult<RevocationProof>(new RevocationProof(false, []), [FakeSteps.Fault]);

        await lab.OrderAsync(Auto);
        var report = await lab.EndAsync();

        Assert.Equal(CaptureState.RevokeUnproven, report.State);
        Assert.Single(lab.Steps.Calls, CaptureSteps.PlanCapture);
    }

    // In the pod the tap is refused, on the node it is let in.
    private static async Task<CaptureLab> StartAsync(CaptureOrder order, Func<CapturePlan, CapturePlan>? onNode = null)
    {
        var lab = await CaptureLab.StartAsync();
        var (attach, planned) = (lab.Steps.Attach, lab.Steps.Plan().Value!);
        var refused = true;
        lab.Steps.PlanOf = asked =>
        {
            refused = asked.Target.Method != CaptureMethods.Node;
            var plan = planned with { Order = refused ? order : asked, Site = refused ? CaptureMethods.Pod : CaptureMethods.NodePod };
            return StepResult.Of(refused ? plan : onNode?.Invoke(plan) ?? plan);
        };
        lab.Steps.Attach = () => refused ? StepResult.Fault<Tap>(Refusal) : attach();
        return lab;
    }
}
