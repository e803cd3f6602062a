using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary><c>GET /api/captures</c>: the captures that the orchestration store knows, a page at a time.</summary>
public static class ListCapturesFunction
{
    private const int PageSize = 50;

    [Function("ListCaptures")]
    public static async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "captures")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var query = new OrchestrationQuery
        {
            InstanceIdPrefix = CaptureIds.Prefix,
            PageSize = PageSize,
            FetchInputsAndOutputs = true,
            ContinuationToken = request.Query["continuationToken"].FirstOrDefault(),
        };
        await foreach (var page in client.GetAllInstancesAsync(query).AsPages().WithCancellation(cancellationToken))
        {
            var items = page.Values.Where(instance => CaptureIds.IsValid(instance.InstanceId)).Select(InstanceView.Of).ToList();
            return Results.Json(new { Items = items, page.ContinuationToken }, CaptureJson.Options);
        }

        return Results.Json(new { Items = Array.Empty<CaptureView>() }, CaptureJson.Options);
    }
}
