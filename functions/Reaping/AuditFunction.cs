using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Reaping;

/// <summary>
/// <c>GET /api/audit</c>: every live grant on every cluster, and what is overdue. Asks the clusters, as the reaper does, and changes nothing; what the
/// orchestrations remember is listed beside it, and plays no part in the state.
/// </summary>
public sealed partial class AuditFunction(ICaptureSite site, CaptureWatch watch, ILogger<AuditFunction> logger)
{
    [Function("GetAudit")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "audit")] HttpRequest request, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out _) is { } refused)
        {
            return Task.FromResult(refused);
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Problems.OfAnyAsync(
            QueryNames.Check(request.Query),
            async () =>
            {
                var watching = TryWatchAsync(client, cancellationToken);
                return Results.Json(AuditView.Of(await site.AuditAsync(cancellationToken), await watching), CaptureJson.Options);
            });
    }

    /// <summary>Null when the orchestration store does not answer: the clusters, which are what counts, may still do.</summary>
    private async Task<WatchReport?> TryWatchAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        try
        {
            return await watch.LookOnlyAsync(client, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A boundary: each backend has exceptions of its own.
            Log.NotWatched(logger, e);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(3301, LogLevel.Warning, "The audit could not ask the orchestrations")]
        public static partial void NotWatched(ILogger logger, Exception exception);
    }
}
