using CaptureFlow.Functions.Access;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Health;

/// <summary>
/// <c>GET /api/health/ready</c>: whether store, clusters and task hub answer, for probes and people. Answers everybody; names and others' words are for callers
/// with a role.
/// </summary>
public sealed class ReadyFunction(ReadinessLook look)
{
    [Function("Ready")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "health/ready")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        ArgumentNullException.ThrowIfNull(request);
        var readiness = await look.LookAsync(client);
        var named = AccessGate.Refusal(request, CallerRoles.Any, out _) is null;
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Results.Json(
            named ? readiness : readiness.WithoutNames(),
            CaptureJson.Options,
            statusCode: readiness.Status == ReadyStatus.Failed ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK);
    }
}
