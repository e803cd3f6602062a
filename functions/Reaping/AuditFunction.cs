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
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "audit")] HttpRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(AuditView.Of(await site.AuditAsync(cancellationToken)), CaptureJson.Options);
    }
}
