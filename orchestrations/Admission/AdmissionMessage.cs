namespace CaptureFlow.Orchestrations;

/// <summary>Output of <see cref="CaptureSteps.AskAdmission"/>.</summary>
public sealed record AdmissionAsked(string CaptureId);

/// <summary>From a capture to the ledger; at most one of the two is set. Payload of <see cref="AdmissionLedger.Message"/>.</summary>
/// <param name="Request">Asks to be let in. May be repeated: a capture has one place.</param>
/// <param name="Release">It has ended, or waits no longer.</param>
public sealed record AdmissionMessage(AdmissionRequest? Request, AdmissionRelease? Release);

/// <summary>Asks to be let in.</summary>
/// <param name="CaptureId">Who asks, and where the answer goes.</param>
/// <param name="Claims">What it takes of which quotas.</param>
/// <param name="Queue">Wait in line when over one of them.</param>
/// <param name="Since">When it asked first, UTC: its place in line is by this time.</param>
/// <param name="Until">When it will wait no longer, UTC.</param>
/// <param name="Lifetime">How long it may hold its place once let in.</param>
public sealed record AdmissionRequest(
    string CaptureId, IReadOnlyList<QuotaClaim> Claims, bool Queue, DateTimeOffset Since, DateTimeOffset Until, TimeSpan Lifetime);

/// <summary>Gives the place back, with what was really used; the rest of the worst case is there for others again.</summary>
/// <param name="CaptureId">Whose place.</param>
/// <param name="Bytes">Bytes of its files.</param>
/// <param name="PayloadSeconds">Seconds of its windows that kept more than headers.</param>
public sealed record AdmissionRelease(string CaptureId, long Bytes, long PayloadSeconds);
