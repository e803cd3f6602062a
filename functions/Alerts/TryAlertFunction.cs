using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Alerts;

/// <summary>
/// <c>POST /api/alerts/{source}/{binding}/test</c>: what a sender's message would come to at this moment. Starts nothing and keeps
/// nothing. For callers of the API, not for senders: whoever sets up a binding need not have its secret.
/// </summary>
public sealed class TryAlertFunction(AlertBindings bindings, AlertDispatch dispatch)
{
    [Function("TryAlert")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "alerts/{source}/{binding}/test")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string source,
        string binding,
        CancellationToken cancellationToken)
    {
        if (AccessGate.Refusal(request, CallerRoles.Any, out _) is { } refused)
        {
            return refused;
        }

        if (QueryNames.Check(request.Query) is { Count: > 0 } unknown)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, unknown);
        }

        if (bindings.TryFind(binding) is not { } found || found.Options.Source != source)
        {
            return Problems.Of(StatusCodes.Status404NotFound, new CaptureFault(
                FaultCodes.AlertRefused, $"There is no binding '{Echo.Of(binding)}' of the source '{Echo.Of(source)}'.", "GET /api/alerts lists the bindings."));
        }

        if (await AlertBody.ReadAsync(request, AlertBody.MostBytes, cancellationToken) is not { } body)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, AlertBody.TooLarge(source, AlertBody.MostBytes));
        }

        var (message, fault) = AlertReader.Read(found, body);
        if (message is null)
        {
            return Problems.Of(StatusCodes.Status400BadRequest, fault!);
        }

        var preview = await dispatch.PreviewAsync(found, message, client, cancellationToken);
        return Results.Json(new AlertTrial(found.Name, preview, message.Signals.Count + message.Truncated), CaptureJson.Options);
    }
}
