using CaptureFlow.Evidence;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Approvals;

/// <summary>
/// <c>POST /api/captures/{id}/approve</c> and <c>…/deny</c>: a second person's word on an order that waits for it, with an optional
/// <c>{"comment": "…"}</c>. One word for a whole fleet. The first one counts. A yes is in the log from the grant on; a no is noted here, since
/// nothing else comes after it.
/// </summary>
public sealed class DecideCaptureFunction(CustodyKeeper custody, PollAddress poll, TimeProvider time)
{
    [Function("ApproveCapture")]
    public Task<IResult> ApproveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "captures/{id}/approve")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) => DecideAsync(request, client, id, approved: true, cancellationToken);

    [Function("DenyCapture")]
    public Task<IResult> DenyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "captures/{id}/deny")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) => DecideAsync(request, client, id, approved: false, cancellationToken);

    private async Task<IResult> DecideAsync(HttpRequest request, DurableTaskClient client, string id, bool approved, CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Approver, out var caller) is { } refused)
        {
            return refused;
        }

        if (QueryNames.Check(request.Query) is { Count: > 0 } unknown)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, unknown);
        }

        var (comment, problem) = await DecisionComment.ReadAsync(request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var instance = CaptureIds.IsValid(id) ? await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) : null;
        if (instance is null || PendingApproval.Of(instance) is not { } pending)
        {
            return Problems.UnknownCapture(id);
        }

        if (!pending.IsOpen)
        {
            return Problems.Of(StatusCodes.Status409Conflict, NotWaiting(id));
        }

        if (approved && ApprovalRules.IsSame(pending.RequesterId, caller.Id))
        {
            return Problems.Of(StatusCodes.Status403Forbidden, Own(id, caller));
        }

        ApprovalDecision word = new(approved, caller.Id, caller.Name, comment, time.GetUtcNow());
        await client.RaiseEventAsync(id, CaptureEvents.Decision, word, cancellationToken);
        if (!approved)
        {
            await custody.NoteAsync(id, cancellationToken, pending.Asked, CustodyNotes.Decided(word));
        }

        request.HttpContext.Response.Headers.Location = poll.Of(id);
        request.HttpContext.Response.Headers.RetryAfter = "1";
        return Results.Json(InstanceView.Of(instance), CaptureJson.Options, statusCode: StatusCodes.Status202Accepted);
    }

    private static CaptureFault NotWaiting(string id) => new(
        FaultCodes.NotAwaitingApproval, $"Capture {id} is not waiting for anybody's approval.", $"GET {CaptureLinks.Self(id)} tells where it is.");

    private static CaptureFault Own(string id, Caller caller) => caller.Id is Caller.Anonymous or Caller.FunctionKey
        ? new(
            FaultCodes.OwnApproval,
            $"Capture {id} was ordered by a caller that is known as {caller.Id} only, like you: it can't be told that you are two people.",
            "Sign in through Entra ID, or give each person a named key (CaptureFlow:Access:Secrets:NAME).")
        : new(FaultCodes.OwnApproval, $"{caller.Name} ordered capture {id}, and nobody approves their own.", "Ask somebody else who has the role approver.");
}
