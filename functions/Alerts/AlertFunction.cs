using System.Text.Json;
using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.Sources;
using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Alerts;

/// <summary>
/// <c>POST /api/alerts/{source}/{binding}</c>: an alerting system orders captures, as far as the binding of that name lets it. No function key:
/// each binding authenticates its sender itself, before anything is parsed. Whatever an authenticated sender's alerts come to is a success,
/// since senders give up on addresses that refuse.
/// </summary>
public sealed class AlertFunction(AlertBindings bindings, AlertAuthentication authentication, AlertDispatch dispatch, ILogger<AlertFunction> logger)
{
    private static readonly JsonDocumentOptions Json = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    [Function("Alert")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "alerts/{source}/{binding}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string source,
        string binding,
        CancellationToken cancellationToken)
    {
        if (await AlertBody.ReadAsync(request, cancellationToken) is not { } body)
        {
            return Problem(StatusCodes.Status413PayloadTooLarge, FaultCodes.AlertInvalid, $"The message is larger than {AlertBody.MostBytes} bytes.", "Let the sender group fewer alerts.");
        }

        var found = bindings.Find(binding);
        try
        {
            if (!await authentication.HoldsAsync(found.Authentication, request, body, cancellationToken))
            {
                Log.Refused(logger, found.Name);
                return Problem(
                    StatusCodes.Status401Unauthorized, FaultCodes.AlertRefused, "This call is not accepted.", "Compare the sender's address and credentials with the binding in the configuration.");
            }
        }
        catch (StepUnavailableException away)
        {
            Log.CannotTell(logger, found.Name, away);
            return Problem(StatusCodes.Status503ServiceUnavailable, FaultCodes.AlertRefused, "The sender could not be authenticated now.", "Send it again.");
        }

        // Only said to who has the binding's own credentials.
        return source == found.Options.Source
            ? await StartAsync(found, body, client, cancellationToken)
            : Problem(StatusCodes.Status404NotFound, FaultCodes.AlertRefused, "This binding is of another source.", $"Send to /api/alerts/{found.Options.Source}/{found.Name}.");
    }

    private async Task<IResult> StartAsync(AlertBinding binding, ReadOnlyMemory<byte> body, DurableTaskClient client, CancellationToken cancellationToken)
    {
        AlertMessage message;
        try
        {
            using var document = JsonDocument.Parse(JsonBody.WithoutMark(body), Json);
            message = AlertSources.All[binding.Options.Source].Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or AlertFormatException or InvalidOperationException)
        {
            // Bad UTF-8 inside a text is only seen when it is read, as an InvalidOperationException.
            Log.Unreadable(logger, binding.Name, e is AlertFormatException ? e.Message : "no JSON");
            return Problem(
                StatusCodes.Status400BadRequest,
                FaultCodes.AlertInvalid,
                e is AlertFormatException ? e.Message : "The message is no JSON document.",
                "Let the sender use the format that docs/alerts.md names for this source.");
        }

        var answer = await dispatch.StartAsync(binding, message, client, cancellationToken);
        Log.Received(logger, binding.Name, answer.Counts.Alerts, answer.Counts.Started, answer.Counts.Joined, answer.Counts.Ignored, Summary(answer));
        return Results.Json(answer, CaptureJson.Options, statusCode: answer.Started.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static string Summary(AlertAnswer answer) => string.Join(
        ", ",
        answer.Started.Select(one => $"started {one.CaptureId} for {one.Target}")
            .Concat(answer.Joined.Select(one => $"joined {one.CaptureId}"))
            .Concat(answer.Ignored.GroupBy(one => one.Why).Select(why => $"{why.Sum(one => one.Alerts)} {why.Key}")));

    private static IResult Problem(int status, string code, string message, string remedy) => Problems.Of(status, new CaptureFault(code, message, remedy));
}
