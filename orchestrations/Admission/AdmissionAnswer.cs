using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>The ledger's word to a capture. Payload of <see cref="CaptureEvents.Admission"/>.</summary>
/// <param name="Outcome">Let in, waiting, or refused.</param>
/// <param name="Place">While waiting: 1 for who is next of those that wait for the same quota.</param>
/// <param name="Claim">While waiting or refused: the first quota that is in the way.</param>
/// <param name="Used">How much of it is taken.</param>
/// <param name="FreeBy">When some of it is free again at the latest, UTC; null when never, because the capture alone is over it.</param>
public sealed record AdmissionAnswer(AdmissionOutcome Outcome, int Place = 0, QuotaClaim? Claim = null, long Used = 0, DateTimeOffset? FreeBy = null);

/// <summary>What the ledger decided.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdmissionOutcome>))]
public enum AdmissionOutcome
{
    Admitted,
    Waiting,
    Refused,
}
