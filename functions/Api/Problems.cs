using CaptureFlow.Orchestrations;
using Microsoft.AspNetCore.Http;

namespace CaptureFlow.Functions.Api;

/// <summary>Errors as <c>application/problem+json</c> (RFC 9457), with a stable <c>code</c> and every fault at once.</summary>
public static class Problems
{
    public static IResult Of(int status, params IReadOnlyList<CaptureFault> faults) => Of(status, faults, null);

    /// <summary>The same with what else was looked at.</summary>
    public static IResult Of(int status, IReadOnlyList<CaptureFault> faults, IReadOnlyList<PreflightCheck>? checks) => Results.Json(
        new Problem(
            $"urn:captureflow:error:{faults[0].Code}",
            faults.Count == 1 ? faults[0].Message : $"{faults.Count} things are wrong with this request.",
            status,
            faults[0].Code,
            faults,
            checks),
        CaptureJson.Options,
        "application/problem+json",
        status);

    /// <summary>400 when there are faults; else what <paramref name="answer"/> gives.</summary>
    public static Task<IResult> OfAnyAsync(IReadOnlyList<CaptureFault> faults, Func<Task<IResult>> answer) =>
        faults.Count > 0 ? Task.FromResult(Of(StatusCodes.Status400BadRequest, faults)) : answer();

    public static IResult UnknownCapture(string id) => Of(
        StatusCodes.Status404NotFound,
        new CaptureFault(FaultCodes.CaptureNotFound, $"There is no capture '{Echo.Of(id)}'.", "GET /api/captures lists the captures."));

    private sealed record Problem(string Type, string Title, int Status, string Code, IReadOnlyList<CaptureFault> Errors,
        [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<PreflightCheck>? Checks);
}
