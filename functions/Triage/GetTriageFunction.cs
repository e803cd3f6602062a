using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Triage;

/// <summary>
/// <c>GET /api/captures/{id}/triage</c>: what a stored capture shows, as JSON, or as Markdown for a caller that prefers it. Made now when it
/// is not there. As with the manifest, no entry in the log: it has no bytes of packets.
/// </summary>
public sealed class GetTriageFunction(TriageCards cards)
{
    [Function("GetCaptureTriage")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "captures/{id}/triage")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Reader, out _) is { } refused)
        {
            return Task.FromResult(refused);
        }

        request.HttpContext.Response.Headers.Vary = "Accept";
        var name = TriageFormat.FileName(request);
        return Problems.OfAnyAsync(
            QueryNames.Check(request.Query),
            () => StoreProblems.OrProblemAsync(() => TriageResults.OfAsync(cards, request, id, name, cancellationToken)));
    }
}
