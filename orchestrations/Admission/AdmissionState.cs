namespace CaptureFlow.Orchestrations;

/// <summary>Everything that the ledger knows. Input of <see cref="AdmissionOrchestrator"/>.</summary>
/// <param name="Day">The UTC day that <paramref name="Spent"/> is of.</param>
/// <param name="Admitted">The captures that hold a place.</param>
/// <param name="Waiting">Those in line, in its order.</param>
/// <param name="Spent">What the day's captures took, by <see cref="QuotaClaim.Key"/>.</param>
public sealed record AdmissionState(
    DateOnly Day, IReadOnlyList<AdmittedCapture> Admitted, IReadOnlyList<WaitingCapture> Waiting, IReadOnlyDictionary<string, long> Spent)
{
    public static AdmissionState Empty { get; } = new(DateOnly.MinValue, [], [], new Dictionary<string, long>());
}

/// <summary>A capture that was let in.</summary>
/// <param name="CaptureId">The capture.</param>
/// <param name="Claims">What it holds.</param>
/// <param name="Day">The UTC day that its bytes and seconds are booked on.</param>
/// <param name="ExpiresAt">When its place is free again even if it is never heard of, UTC.</param>
public sealed record AdmittedCapture(string CaptureId, IReadOnlyList<QuotaClaim> Claims, DateOnly Day, DateTimeOffset ExpiresAt);

/// <summary>A capture in line.</summary>
/// <param name="Request">What it asked for.</param>
/// <param name="Told">The place that it was last told; 0 for none yet.</param>
public sealed record WaitingCapture(AdmissionRequest Request, int Told);
