using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// <c>GET /api/audit</c>: every live grant on every cluster, and what is overdue. Asks the clusters, as the reaper does, and changes nothing; what the
/// orchestrations remember plays no part in it.
/// </summary>
public sealed class AuditFunction(ICaptureSite site)
{
    [Function("GetAudit")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out _) is { } refused)
        {
            return Task.FromResult(refused);
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Problems.OfAnyAsync(
            QueryNames.Check(request.Query),
            async () => Results.Json(AuditView.Of(await site.AuditAsync(cancellationToken)), CaptureJson.Options));
    }
}
