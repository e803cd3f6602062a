namespace CaptureFlow.Orchestrations;

/// <summary>An expected failure: something a user can understand and mend. Travels as a result, never as an exception.</summary>
/// <param name="Code">One of <see cref="FaultCodes"/>; stable across releases.</param>
/// <param name="Message">What happened, in one sentence.</param>
/// <param name="Remedy">What to do about it.</param>
/// <param name="Field">The field of the order that it concerns, as in the request's JSON; null when it concerns none.</param>
/// <param name="Detail">The other side's own words (API server, tcpdump, store); at most 1,000 characters, never a secret or packet bytes.</param>
public sealed record CaptureFault(string Code, string Message, string Remedy, string? Field = null, string? Detail = null)
{
    /// <inheritdoc cref="CaptureFault" path="/param[@name='Detail']"/>
    public string? Detail { get; init; } = FaultDetail.Of(Detail);
}
