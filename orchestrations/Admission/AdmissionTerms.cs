namespace CaptureFlow.Orchestrations;

/// <summary>What a capture has to be let in for before it changes anything.</summary>
/// <param name="Claims">What it takes of which quotas; at least one.</param>
/// <param name="Queue">Wait in line when over one of them; false to be refused at once.</param>
/// <param name="MaxWait">The longest wait in line.</param>
/// <param name="Lifetime">How long it may hold its place once let in, should it never say that it has ended.</param>
public sealed record AdmissionTerms(IReadOnlyList<QuotaClaim> Claims, bool Queue, TimeSpan MaxWait, TimeSpan Lifetime);
