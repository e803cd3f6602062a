using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>POST /api/captures/{id}/stop</c> ends the window now and keeps the file; <c>…/cancel</c> ends, revokes and discards. Both are events to
/// the orchestration, so that it goes on to its revoke; asking twice does no harm.
/// </summary>
public sealed class EndCaptureFunction(CaptureReader captures, CustodyKeeper custody, PollAddress poll, TimeProvider time)
{
    [Function("StopCapture")]
    public Task<IResult> StopAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "captures/{id}/stop")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) => RaiseAsync(request, client, id, CaptureEvents.Stop, cancellationToken);

    [Function("CancelCapture")]
    public Task<IResult> CancelAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "captures/{id}/cancel")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) => RaiseAsync(request, client, id, CaptureEvents.Cancel, cancellationToken);

    private Task<IResult> RaiseAsync(HttpRequest request, DurableTaskClient client, string id, string eventName, CancellationToken cancellationToken) =>
        AccessGate.Refusal(request, CallerRoles.Requester, out var caller) is { } refused
            ? Task.FromResult(refused)
            : Problems.OfAnyAsync(
                QueryNames.Check(request.Query),
                () => StoreProblems.OrProblemAsync(() => RaiseKnownAsync(request, client, id, eventName, caller, cancellationToken)));

    private async Task<IResult> RaiseKnownAsync(
        HttpRequest request, DurableTaskClient client, string id, string eventName, Caller caller, CancellationToken cancellationToken)
    {
        if (await JsonBody.RefuseAsync(request, cancellationToken) is { } unwanted)
        {
            return unwanted;
        }

        var instance = CaptureIds.IsValid(id) ? await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) : null;
        switch (instance is null ? await captures.TryFindAsync(client, id, cancellationToken) : null)
        {
            case null when instance is null:
                return Problems.UnknownCapture(id);
            case { Ended: false }:
                // An alert has announced it, and an event for an instance that is not there yet would be lost.
                throw new StepUnavailableException($"{id} is about to begin");
        }

        // One that is stored and whose orchestration is forgotten has ended, too.
        if (instance is null or { IsCompleted: true })
        {
            return Problems.Of(StatusCodes.Status409Conflict, new CaptureFault(
                FaultCodes.CaptureEnded, $"Capture {id} has already ended.", $"GET {CaptureLinks.Self(id)} tells how."));
        }

        await client.RaiseEventAsync(id, eventName, new EndRequest(caller.Name), cancellationToken);
        Actor by = new(caller.Id, caller.Name);
        await custody.NoteAsync(id, cancellationToken, CustodyNotes.EndAsked(eventName == CaptureEvents.Stop, by, time.GetUtcNow()));
        request.HttpContext.Response.Headers.Location = poll.Of(id);
        request.HttpContext.Response.Headers.RetryAfter = "1";
        return Results.Json(InstanceView.Of(instance), CaptureJson.Options, statusCode: StatusCodes.Status202Accepted);
    }
}
