using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary><c>GET /api/captures/{id}</c>: 200 for every capture that exists, running or ended.</summary>
public static class GetCaptureFunction
{
    [Function("GetCapture")]
    public static async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "captures/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out _) is { } refused)
        {
            return refused;
        }

        var instance = CaptureIds.IsValid(id) ? await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) : null;
        if (instance is null)
        {
            return Problems.UnknownCapture(id);
        }

        if (!instance.IsCompleted)
        {
            request.HttpContext.Response.Headers.RetryAfter = "1";
        }

        return FleetView.IsFleet(instance)
            ? Results.Json(await FleetView.Of(instance).WithMembersAsync(client, cancellationToken), CaptureJson.Options)
            : Results.Json(CaptureView.Of(instance), CaptureJson.Options);
    }
}
