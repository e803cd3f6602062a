using CaptureFlow.Functions.Admission;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Captures;

/// <summary>Answers an order with what would be done and everything that is against it, without doing anything.</summary>
public sealed class DryRun(ICaptureSite site, GateTermsOfPlans gate)
{
    /// <summary>200 when at least one pod could be captured in; else 422, or 503 without a cluster.</summary>
    internal async Task<IResult> AnswerAsync(RequestedOrder order, CancellationToken cancellationToken)
    {
        try
        {
            return order.Capture is { } one ? Answer(await site.CheckAsync(one, cancellationToken)) : await OfFleetAsync(order.Fleet!, cancellationToken);
        }
        catch (StepUnavailableException e)
        {
            return Problems.Of(StatusCodes.Status503ServiceUnavailable, new CaptureFault(
                FaultCodes.ClusterUnavailable, "The cluster could not be reached.", "Check that its API server answers, then ask again.", Detail: e.Message));
        }
    }

    private IResult Answer(Preflight found) => found.Plan is null
        ? Problems.Of(StatusCodes.Status422UnprocessableEntity, found.Faults, found.Checks)
        : Results.Json(new { Plan = gate.Add(found.Plan), found.Checks }, CaptureJson.Options);

    private async Task<IResult> OfFleetAsync(FleetOrder order, CancellationToken cancellationToken)
    {
        var resolved = gate.Add(order, await site.ResolveAsync(order, cancellationToken));
        if (!resolved.Succeeded)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, resolved.Faults);
        }

        // Not all at once: a dry run should not be felt by the API server.
        List<PlannedPod> pods = [];
        foreach (var member in resolved.Value.Members)
        {
            var found = await site.CheckAsync(order.For(member), cancellationToken);
            pods.Add(new(member.Pod, found.Plan, found.Checks, found.Faults));
        }

        return pods.Exists(pod => pod.Plan is not null)
            ? Results.Json(new { Pods = pods, resolved.Value.LeftOut, resolved.Value.Approval, resolved.Value.Admission }, CaptureJson.Options)
            : Problems.Of(StatusCodes.Status422UnprocessableEntity, [.. pods.SelectMany(pod => pod.Faults)]);
    }

    private sealed record PlannedPod(string Pod, CapturePlan? Plan, IReadOnlyList<PreflightCheck> Checks, IReadOnlyList<CaptureFault> Faults);
}
