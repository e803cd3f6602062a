using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Alerts.History;

/// <summary>
/// <c>GET /api/alerts</c>: the bindings, and what the last calls of each came to. With <c>?capture=</c> the calls that have to do with one
/// capture.
/// </summary>
public sealed class ListAlertsFunction(AlertBindings bindings, AlertHistory history)
{
    public const string Binding = "binding";
    public const string Capture = "capture";

    /// <summary>Most calls of a binding in an answer.</summary>
    private const int MostCalls = 50;

    [Function("ListAlerts")]
    public Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "alerts")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out _) is { } refused)
        {
            return Task.FromResult(refused);
        }

        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return Problems.OfAnyAsync(
            QueryNames.Check(request.Query, Binding, Capture),
            async () =>
            {
                var calls = await history.ReadAsync(client, cancellationToken);
                return Results.Json(View(request.Query[Binding].FirstOrDefault(), request.Query[Capture].FirstOrDefault(), calls), CaptureJson.Options);
            });
    }

    private AlertsView View(string? name, string? capture, IReadOnlyList<AlertCall> calls) => new(
        [
            .. bindings.All.Where(binding => name is null || binding.Name == name).Select(binding => new AlertBindingView(
                binding.Name,
                binding.Options.Source,
                binding.Options.CoolDown,
                binding.Options.MaxCapturesPerCall,
                history.RefusalsOf(binding),
                [
                    .. calls
                        .Where(call => call.Binding == binding.Name && (capture is null || call.Outcomes.Any(outcome => outcome.CaptureId == capture)))
                        .Take(MostCalls),
                ])),
        ]);
}
