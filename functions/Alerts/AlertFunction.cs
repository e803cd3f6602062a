using CaptureFlow.Functions.Alerts.Authentication;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Functions.Alerts.History;
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
public sealed class AlertFunction(
    AlertBindings bindings, AlertAuthentication authentication, AlertDispatch dispatch, AlertHistory history, ILogger<AlertFunction> logger)
{
    [Function("Alert")]
    public async Task<IResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "alerts/{source}/{binding}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string source,
        string binding,
        CancellationToken cancellationToken)
    {
        var found = bindings.Find(binding);
        var signed = found.Authentication.Kind == AlertAuthenticationKinds.Hmac;
        // Nothing that a stranger sends is kept, but for one whose signature is over it.
        if (!signed && await RefusalAsync(found, request, default, cancellationToken) is { } refused)
        {
            await AlertBody.DiscardAsync(request, cancellationToken);
            return refused;
        }

        var most = AlertBody.MostOf(found.Authentication);
        if (await AlertBody.ReadAsync(request, most, cancellationToken) is not { } body)
        {
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, AlertBody.TooLarge(found.Options.Source, most));
        }

        if (signed && await RefusalAsync(found, request, body, cancellationToken) is { } unsigned)
        {
            return unsigned;
        }

        // Only said to who has the binding's own credentials.
        return source == found.Options.Source
            ? await StartAsync(found, body, client, cancellationToken)
            : Problem(StatusCodes.Status404NotFound, FaultCodes.AlertRefused, "This binding is of another source.", $"Send to /api/alerts/{found.Options.Source}/{found.Name}.");
    }

    /// <summary>Null for the binding's sender.</summary>
    private async Task<IResult?> RefusalAsync(
        AlertBinding binding, HttpRequest request, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        try
        {
            if (await authentication.HoldsAsync(binding.Authentication, request, body, cancellationToken))
            {
                return null;
            }

            Log.Refused(logger, binding.Name);
            history.Refused(binding);
            return Problem(
                StatusCodes.Status401Unauthorized, FaultCodes.AlertRefused, "This call is not accepted.", "Compare the sender's address and credentials with the binding in the configuration.");
        }
        catch (StepUnavailableException away)
        {
            Log.CannotTell(logger, binding.Name, away);
            return Problem(StatusCodes.Status503ServiceUnavailable, FaultCodes.AlertRefused, "The sender could not be authenticated now.", "Send it again.");
        }
    }

    private async Task<IResult> StartAsync(
        AlertBinding binding, ReadOnlyMemory<byte> body, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var (message, fault) = AlertReader.Read(binding, body);
        if (message is null)
        {
            Log.Unreadable(logger, binding.Name, fault!.Message);
            await history.NoteAsync(binding, 0, [new(IgnoredAlert.Unreadable, 0, Detail: fault.Message)], client, cancellationToken);
            return Problems.Of(StatusCodes.Status400BadRequest, fault);
        }

        var answer = await dispatch.StartAsync(binding, message, client, cancellationToken);
        Log.Received(logger, binding.Name, answer.Counts.Alerts, answer.Counts.Started, answer.Counts.Joined, answer.Counts.Ignored, Summary(answer));
        await history.NoteAsync(binding, answer.Counts.Alerts, answer.Outcomes, client, cancellationToken);
        return Results.Json(answer, CaptureJson.Options, statusCode: answer.Started.Count > 0 ? StatusCodes.Status202Accepted : StatusCodes.Status200OK);
    }

    private static string Summary(AlertAnswer answer) => string.Join(
        ", ",
        answer.Started.Select(one => $"started {one.CaptureId} for {one.Target}")
            .Concat(answer.Joined.Select(one => $"joined {one.CaptureId}"))
            .Concat(answer.Ignored.GroupBy(one => one.Why).Select(why => $"{why.Sum(one => one.Alerts)} {why.Key}")));

    private static IResult Problem(int status, string code, string message, string remedy) => Problems.Of(status, new CaptureFault(code, message, remedy));
}
