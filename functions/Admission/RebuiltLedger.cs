using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Admission;

/// <summary>A ledger's state, put together from what single captures tell.</summary>
internal sealed class RebuiltLedger(DateTimeOffset now)
{
    private readonly DateOnly _today = DateOnly.FromDateTime(now.UtcDateTime);
    private readonly List<AdmittedCapture> _admitted = [];
    private readonly List<WaitingCapture> _waiting = [];
    private readonly Dictionary<string, long> _spent = [];

    public AdmissionState State => new(
        _today, _admitted, [.. _waiting.OrderBy(waiting => waiting.Request.Since).ThenBy(waiting => waiting.Request.CaptureId, StringComparer.Ordinal)], _spent);

    /// <summary>One that was let in, and runs.</summary>
    public void Hold(string captureId, IReadOnlyList<QuotaClaim> claims, DateTimeOffset letInAt, TimeSpan lifetime)
    {
        var day = DateOnly.FromDateTime(letInAt.UtcDateTime);
        _admitted.Add(new(captureId, claims, day, now + lifetime));
        if (day == _today)
        {
            Spend(claims, claim => claim.Amount);
        }
    }

    /// <summary>One in line, which is told its place anew.</summary>
    public void Wait(AdmissionRequest request) => _waiting.Add(new(request, 0));

    /// <summary>One that has ended, with what it really took of today's.</summary>
    public void Book(CaptureReport report)
    {
        if (report.Plan?.Admission is { } terms && report.Timeline.LastOrDefault(step => step.Step == CaptureSteps.AwaitAdmission)?.EndedAt is { } letInAt)
        {
            var (bytes, seconds) = Took(report);
            Book(terms.Claims, letInAt, bytes, seconds);
        }
    }

    /// <summary>The same from its claims, of which no more is booked than they were for.</summary>
    public void Book(IReadOnlyList<QuotaClaim> claims, DateTimeOffset letInAt, long bytes, double seconds)
    {
        if (DateOnly.FromDateTime(letInAt.UtcDateTime) == _today)
        {
            Spend(claims, claim => Math.Min(claim.Amount, claim.Kind == QuotaKind.BytesPerDay ? bytes : (long)Math.Ceiling(seconds)));
        }
    }

    /// <summary>Bytes that were kept, or were captured at least, and seconds that were listened for.</summary>
    public static (long Bytes, double Seconds) Took(CaptureReport report) =>
        (report.Evidence?.Bytes ?? report.Tapped?.Bytes ?? 0, report.Tapped?.WindowSeconds ?? 0);

    private void Spend(IReadOnlyList<QuotaClaim> claims, Func<QuotaClaim, long> amount)
    {
        foreach (var claim in claims.Where(claim => claim.Daily))
        {
            _spent[claim.Key] = _spent.GetValueOrDefault(claim.Key) + amount(claim);
        }
    }
}
