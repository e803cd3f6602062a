using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Notifications;
using CaptureFlow.Orchestrations;
using DurableTask.Core.Exceptions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>POST /api/captures</c>: starts a capture in one pod or in several, or with <c>?dryRun=true</c> says what it would do and changes nothing.
/// </summary>
public sealed class StartCaptureFunction(
    DryRun dryRun, OrderIds ids, PollAddress poll, Callbacks callbacks, IOptions<CapturePolicy> policy, TimeProvider time)
{
    [Function("StartCapture")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "captures")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester, out var caller) is { } refused)
        {
            return refused;
        }

        var (options, faults) = StartOptions.Read(request);
        if (faults.Count > 0)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, faults);
        }

        var (document, problem) = await JsonBody.ReadAsync(request, cancellationToken);
        if (document is null)
        {
            return problem!;
        }

        using (document)
        {
            var (order, wrong) = OrderReader.Read(
                document.RootElement,
                CaptureIds.New(),
                caller.Name,
                time.GetUtcNow(),
                policy.Value,
                caller.Id == caller.Name ? null : caller.Id,
                callbacks);
            return order is null ? Problems.Of(StatusCodes.Status400BadRequest, wrong)
                : options.DryRun ? await dryRun.AnswerAsync(order.WithoutCallback(), cancellationToken)
                : options.Key is { } key ? await StoreProblems.OrProblemAsync(
                    () => StartOnceAsync(request.HttpContext.Response, client, order, $"{caller.Id}\n{key}", cancellationToken))
                : await StartAsync(request.HttpContext.Response, client, order, cancellationToken);
        }
    }

    private async Task<IResult> StartOnceAsync(
        HttpResponse response, DurableTaskClient client, RequestedOrder asked, string key, CancellationToken cancellationToken)
    {
        var place = await ids.FindAsync(key, client, cancellationToken);
        var order = asked.Under(place.Id);
        return place.Stored is { } stored
            ? Answer(response, order, IsSame(stored, order), () => Accepted.Before(stored))
            : await StartAsync(response, client, order, cancellationToken);
    }

    private async Task<IResult> StartAsync(
        HttpResponse response, DurableTaskClient client, RequestedOrder order, CancellationToken cancellationToken)
    {
        try
        {
            // Every status is deduplicated: an id is used once. Without that, a running instance of the same id would be terminated
            // and replaced, and its grant would be left behind.
            var options = new StartOrchestrationOptions(order.CaptureId).WithDedupeStatuses([.. StartOrchestrationOptionsExtensions.ValidDedupeStatuses]);
            await client.ScheduleNewOrchestrationInstanceAsync(order.Orchestrator, order.Input, options, cancellationToken);
        }
        catch (OrchestrationAlreadyExistsException)
        {
            if (await client.GetInstanceAsync(order.CaptureId, getInputsAndOutputs: true, cancellationToken) is { } existing)
            {
                return Answer(response, order, IsSame(existing, order), () => Accepted.Before(existing));
            }
        }

        return Answer(response, order, same: true, () => Accepted.Now(order));
    }

    private IResult Answer(HttpResponse response, RequestedOrder order, bool same, Func<Accepted> capture)
    {
        if (!same)
        {
            return Problems.Of(StatusCodes.Status422UnprocessableEntity, new CaptureFault(
                FaultCodes.IdempotencyKeyReused,
                $"This {StartOptions.IdempotencyKey} started capture {order.CaptureId} with another order.",
                "Use a new key for a new order.",
                StartOptions.IdempotencyKey));
        }

        var accepted = capture();
        response.Headers.Location = poll.Of(accepted.Id);
        response.Headers.RetryAfter = "2";
        return Results.Json(accepted, CaptureJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    // But for the time of asking, and for what others have added since.
    private static bool IsSame(CaptureManifest stored, RequestedOrder order) =>
        order.Capture is { } one && stored.Plan.Order with { RequestedAt = one.RequestedAt, Approval = one.Approval } == one with { Callback = null };

    // But for the time of asking.
    private static bool IsSame(OrchestrationMetadata existing, RequestedOrder order) => existing.Name == order.Orchestrator && (order.Capture is { } one
        ? existing.ReadInputAs<CaptureOrder>() is { } first && first with { RequestedAt = one.RequestedAt } == one
        : existing.ReadInputAs<FleetOrder>() is { } fleet && fleet with { RequestedAt = order.RequestedAt } == order.Fleet);
}
