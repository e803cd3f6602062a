using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// <c>POST /api/audit/take-back</c>: what the reaper does every minute, now, and what access there is after it. Only what is past its expiry is touched, so
/// whoever may order or approve captures may ask for it.
/// </summary>
public sealed class TakeBackFunction(Sweeper sweeper)
{
    [Function("TakeBack")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "audit/take-back")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Requester | CallerRoles.Approver, out _) is { } refused)
        {
            return refused;
        }

        if (await JsonBody.RefuseAsync(request, cancellationToken) is { } unwanted)
        {
            return unwanted;
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return await Problems.OfAnyAsync(
            QueryNames.Check(request.Query),
            async () => Results.Json(AuditView.OfSweep(await sweeper.SweepAsync(late: false, cancellationToken)), CaptureJson.Options));
    }
}
