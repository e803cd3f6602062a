using CaptureFlow.Functions.Api;
using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Local.Hosting;

/// <summary>What no function answers, in the same form as what functions refuse: with a code, and what to do.</summary>
internal static class HttpProblems
{
    public static Task AnswerAsync(HttpContext http, int status) => Problems.Of(status, Fault(status, http)).ExecuteAsync(http);

    private static CaptureFault Fault(int status, HttpContext http) => status switch
    {
        StatusCodes.Status404NotFound => new(FaultCodes.AddressUnknown, "There is nothing at this address.", "GET /api/openapi.yaml lists all addresses."),
        StatusCodes.Status405MethodNotAllowed => new(
            FaultCodes.MethodNotAllowed, "This address does not take this method.", $"It takes {Allowed(http)}; GET /api/openapi.yaml lists all addresses."),
        StatusCodes.Status408RequestTimeout => new(FaultCodes.BodyTooSlow, "The body did not arrive in time.", "Send it again, without pauses."),
        StatusCodes.Status413PayloadTooLarge => new(FaultCodes.BodyTooLarge, $"The body is larger than {LocalHost.LargestBody} bytes.", "Send the order alone."),
        StatusCodes.Status500InternalServerError => new(FaultCodes.StepFailed, "The request failed unexpectedly.", "Send it again; the host's log has the reason."),
        _ => new(FaultCodes.OrderInvalid, $"The request cannot be read (HTTP status {status}).", "Send a request as HTTP/1.1 writes it; GET /api/openapi.yaml has an example of each."),
    };

    private static string Allowed(HttpContext http) => http.Response.Headers.Allow is { Count: > 0 } allowed ? allowed.ToString() : "others";
}
