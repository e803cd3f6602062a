using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Captures;

/// <summary>
/// <c>GET /api/captures</c>: first the captures that have no evidence, which run or ended without, from the orchestration store in its own order;
/// then the stored ones from the catalogue, newest first. Filtered, and a page at a time; a page may be short, the token says whether it is the last.
/// </summary>
public sealed class ListCapturesFunction(ICaptureCatalog catalog)
{
    [Function("ListCaptures")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "captures")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out _) is { } refused)
        {
            return Task.FromResult(refused);
        }

        var query = CaptureQuery.Read(request.Query);
        return query.Faults.Count > 0
            ? Task.FromResult(Problems.Of(StatusCodes.Status400BadRequest, query.Faults))
            : StoreProblems.OrProblemAsync(async () => await PageAsync(query, client, cancellationToken));
    }

    private async Task<IResult> PageAsync(CaptureQuery query, DurableTaskClient client, CancellationToken cancellationToken)
    {
        List<object> items = [];
        var place = query.Place;

        // A verdict is only there once there is evidence.
        if (!place.InStore && query.Filter.Verdict is null)
        {
            place = await AddWithoutEvidenceAsync(query, place, items, client, cancellationToken);
            if (!place.InStore)
            {
                return Answer(items, place, query.Filter);
            }
        }

        return Answer(items, await AddStoredAsync(query, place, items, client, cancellationToken), query.Filter);
    }

    /// <returns>Where to go on.</returns>
    private static async Task<ListPlace> AddWithoutEvidenceAsync(
        CaptureQuery query, ListPlace place, List<object> items, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var instances = new OrchestrationQuery
        {
            InstanceIdPrefix = CaptureIds.Prefix,
            PageSize = query.PageSize,
            FetchInputsAndOutputs = true,
            ContinuationToken = place.Orchestrations,
        };
        await foreach (var page in client.GetAllInstancesAsync(instances).AsPages().WithCancellation(cancellationToken))
        {
            foreach (var instance in page.Values.Where(instance => CaptureIds.IsValid(instance.InstanceId)))
            {
                if (await TryShowAsync(instance, query.Filter, client, cancellationToken) is { } shown)
                {
                    items.Add(shown);
                }
            }

            if (!string.IsNullOrEmpty(page.ContinuationToken) && items.Count >= query.PageSize)
            {
                return new(InStore: false, page.ContinuationToken);
            }
        }

        return new(InStore: true);
    }

    /// <summary>A capture without evidence, or a fleet, which has none of its own; null when it is another or does not match.</summary>
    private static async Task<object?> TryShowAsync(
        OrchestrationMetadata instance, CaptureFilter filter, DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (FleetView.IsFleet(instance))
        {
            var fleet = FleetView.Of(instance);
            return fleet.Order is { } all && filter.Matches(CaptureFacts.Of(all.For(new FleetMember("", all.CaptureId)), verdict: null))
                ? await fleet.WithLaterProofsAsync(client, cancellationToken)
                : null;
        }

        var view = CaptureView.Of(instance);
        return view.Evidence is null && view.Order is { } order && filter.Matches(CaptureFacts.Of(order, view.Verdict))
            ? await view.WithLaterProofAsync(client, cancellationToken)
            : null;
    }

    /// <returns>Where to go on; null at the end.</returns>
    private async Task<ListPlace?> AddStoredAsync(
        CaptureQuery query, ListPlace place, List<object> items, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var last = place;
        await foreach (var manifest in catalog.FindAsync(query.Filter, place.After, cancellationToken))
        {
            if (items.Count >= query.PageSize)
            {
                return last;
            }

            last = new(InStore: true, After: CaptureCursor.Of(CaptureFacts.Of(manifest)));
            if (manifest.Revocation is null && query.Filter.Verdict is null && await IsRunningAsync(manifest, client, cancellationToken))
            {
                // Stored, and its rights are being taken back: it is in the first part still.
                continue;
            }

            items.Add(StoredCaptureView.Of(manifest));
        }

        return null;
    }

    private static async Task<bool> IsRunningAsync(CaptureManifest manifest, DurableTaskClient client, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(manifest.Plan.Order.CaptureId, cancellationToken) is { IsCompleted: false };

    private static IResult Answer(List<object> items, ListPlace? next, CaptureFilter filter) =>
        Results.Json(new { Items = items, ContinuationToken = next?.ToToken(filter) }, CaptureJson.Options);
}
