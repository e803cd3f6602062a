namespace CaptureFlow.Orchestrations;

/// <summary>
/// Who is let in, and who waits: first come, first served. Who waits for a shared quota is not overtaken by anybody who needs that quota too;
/// who waits for a quota of its own is passed by other callers, so that a flood of orders delays its sender alone. Nobody is ever put out.
/// Pure: time comes in with each call.
/// </summary>
public sealed class AdmissionLedger
{
    /// <summary>The one instance of <see cref="AdmissionOrchestrator"/>.</summary>
    public const string InstanceId = "captureflow-admission";

    /// <summary>The event that it listens to; its payload is an <see cref="AdmissionMessage"/>.</summary>
    public const string Message = "Admission";

    /// <summary>Longest line; whoever comes then is refused. So is whoever comes when the ledger has no room: see <see cref="LedgerSize"/>.</summary>
    public const int LongestLine = 1_000;

    /// <summary>Bytes of its state, as JSON.</summary>
    public const int LongestState = LedgerSize.Most;

    /// <summary>Places up to this one are told exactly; behind it, when they changed by a quarter, so that a long line is not told of every step.</summary>
    private const int ExactPlaces = 10;

    private readonly Dictionary<string, AdmittedCapture> _admitted;
    private readonly Dictionary<string, long> _running = [];
    private readonly Dictionary<string, long> _spent;
    private readonly Dictionary<string, AdmissionAnswer> _answers = [];
    private readonly LedgerSize _size = new();
    private List<WaitingCapture> _waiting;
    private DateOnly _day;

    public AdmissionLedger(AdmissionState state)
    {
        _day = state.Day;
        _admitted = state.Admitted.ToDictionary(capture => capture.CaptureId);
        _waiting = [.. state.Waiting];
        _spent = new(state.Spent);
        foreach (var claim in state.Admitted.SelectMany(capture => capture.Claims).Where(claim => !claim.Daily))
        {
            Count(_running, claim.Key, claim.Amount);
        }
    }

    public AdmissionState State => new(
        _day, [.. _admitted.Values.OrderBy(capture => capture.CaptureId, StringComparer.Ordinal)], [.. _waiting], new SortedDictionary<string, long>(_spent, StringComparer.Ordinal));

    public AdmissionSummary Summary => new(_admitted.Count, _waiting.Count);

    /// <summary>When time alone will change something, UTC; null when nobody waits.</summary>
    public DateTimeOffset? Due => _waiting.Count == 0 ? null
        : _admitted.Values.Select(capture => capture.ExpiresAt)
            .Concat(_waiting.Select(waiting => waiting.Request.Until))
            .Append(NextDay)
            .Min();

    /// <summary>Takes a message, and whatever time has brought.</summary>
    /// <returns>What to tell whom, by capture id.</returns>
    public IReadOnlyDictionary<string, AdmissionAnswer> Take(AdmissionMessage message, DateTimeOffset now)
    {
        _answers.Clear();
        Advance(now);
        if (message.Release is { } release)
        {
            Release(release);
        }

        if (message.Request is { } request && Enter(request))
        {
            Settle(now);
            RefuseUnlessQueued(request);
        }
        else
        {
            Settle(now);
        }

        return new Dictionary<string, AdmissionAnswer>(_answers);
    }

    /// <summary>Lets in whom time has made room for.</summary>
    /// <inheritdoc cref="Take" path="/returns"/>
    public IReadOnlyDictionary<string, AdmissionAnswer> Tick(DateTimeOffset now) => Take(new(null, null), now);

    private DateTimeOffset NextDay => new(_day.AddDays(1), TimeOnly.MinValue, TimeSpan.Zero);

    private void Advance(DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        if (today > _day)
        {
            _day = today;
            _spent.Clear();
        }

        foreach (var gone in _admitted.Values.Where(capture => capture.ExpiresAt <= now).ToList())
        {
            Leave(gone);
        }

        _waiting.RemoveAll(waiting => waiting.Request.Until <= now);
    }

    private void Release(AdmissionRelease release)
    {
        _waiting.RemoveAll(waiting => waiting.Request.CaptureId == release.CaptureId);
        if (!_admitted.TryGetValue(release.CaptureId, out var capture))
        {
            return;
        }

        Leave(capture);
        foreach (var claim in capture.Claims.Where(claim => claim.Daily && capture.Day == _day))
        {
            // A fleet's files are spread over its nodes in a way that is not told: each node is booked its share.
            var most = capture.Claims.Where(other => other.Kind == claim.Kind).Max(other => other.Amount);
            var used = claim.Kind == QuotaKind.BytesPerDay ? release.Bytes : release.PayloadSeconds;
            var share = most == 0 ? 0 : (long)Math.Ceiling((decimal)used * claim.Amount / most);
            Count(_spent, claim.Key, Math.Min(share, claim.Amount) - claim.Amount);
        }
    }

    private void Leave(AdmittedCapture capture)
    {
        _admitted.Remove(capture.CaptureId);
        foreach (var claim in capture.Claims.Where(claim => !claim.Daily))
        {
            Count(_running, claim.Key, -claim.Amount);
        }
    }

    /// <returns>Whether it is in line now.</returns>
    private bool Enter(AdmissionRequest request)
    {
        if (_admitted.ContainsKey(request.CaptureId))
        {
            _answers[request.CaptureId] = new(AdmissionOutcome.Admitted);
            return false;
        }

        // Asked again: the same place, told anew.
        _waiting.RemoveAll(waiting => waiting.Request.CaptureId == request.CaptureId);
        if (request.Claims.FirstOrDefault(claim => claim.Amount > claim.Limit) is { } never)
        {
            _answers[request.CaptureId] = new(AdmissionOutcome.Refused, 0, never, Used(never));
            return false;
        }

        if (_waiting.Count >= LongestLine || _size.Of(_admitted.Values, _waiting, _spent.Keys) + _size.Of(request.Claims) > LedgerSize.Most)
        {
            var claim = request.Claims[0];
            _answers[request.CaptureId] = new(AdmissionOutcome.Refused, LongestLine + 1, claim, Used(claim), FreeBy(claim));
            return false;
        }

        var index = _waiting.FindLastIndex(other => IsBefore(other.Request, request)) + 1;
        _waiting.Insert(index, new(request, 0));
        return true;
    }

    private static bool IsBefore(AdmissionRequest a, AdmissionRequest b) =>
        a.Since < b.Since || (a.Since == b.Since && string.CompareOrdinal(a.CaptureId, b.CaptureId) < 0);

    private void RefuseUnlessQueued(AdmissionRequest request)
    {
        if (!request.Queue && _answers.TryGetValue(request.CaptureId, out var answer) && answer.Outcome == AdmissionOutcome.Waiting)
        {
            _waiting.RemoveAll(waiting => waiting.Request.CaptureId == request.CaptureId);
            _answers[request.CaptureId] = answer with { Outcome = AdmissionOutcome.Refused };
        }
    }

    /// <summary>One walk along the line: lets in who fits, and tells the others their places.</summary>
    private void Settle(DateTimeOffset now)
    {
        HashSet<string> held = [];
        Dictionary<string, int> behind = [];
        List<WaitingCapture> still = [];
        foreach (var waiting in _waiting)
        {
            var over = waiting.Request.Claims.Where(claim => Used(claim) + claim.Amount > claim.Limit).ToList();
            var own = over.Find(claim => !claim.Shared);
            var blocker = own ?? over.FirstOrDefault() ?? waiting.Request.Claims.FirstOrDefault(claim => held.Contains(claim.Key));
            if (blocker is null)
            {
                Admit(waiting.Request, now);
                continue;
            }

            if (own is null)
            {
                held.UnionWith(over.Count > 0 ? over.Select(claim => claim.Key) : [blocker.Key]);
            }

            behind[blocker.Key] = behind.GetValueOrDefault(blocker.Key) + 1;
            still.Add(Tell(waiting, behind[blocker.Key], blocker));
        }

        _waiting = still;
    }

    private void Admit(AdmissionRequest request, DateTimeOffset now)
    {
        _admitted[request.CaptureId] = new(request.CaptureId, request.Claims, _day, now + request.Lifetime);
        foreach (var claim in request.Claims)
        {
            Count(claim.Daily ? _spent : _running, claim.Key, claim.Amount);
        }

        _answers[request.CaptureId] = new(AdmissionOutcome.Admitted);
    }

    private WaitingCapture Tell(WaitingCapture waiting, int place, QuotaClaim blocker)
    {
        var moved = Math.Abs(place - waiting.Told);
        if (waiting.Told > 0 && (moved == 0 || (place > ExactPlaces && moved * 4 < waiting.Told)))
        {
            return waiting;
        }

        _answers[waiting.Request.CaptureId] = new(AdmissionOutcome.Waiting, place, blocker, Used(blocker), FreeBy(blocker));
        return waiting with { Told = place };
    }

    private long Used(QuotaClaim claim) => (claim.Daily ? _spent : _running).GetValueOrDefault(claim.Key);

    private DateTimeOffset FreeBy(QuotaClaim claim) => claim.Daily
        ? NextDay
        : _admitted.Values.Where(capture => capture.Claims.Any(other => other.Key == claim.Key)).Select(capture => capture.ExpiresAt).DefaultIfEmpty(NextDay).Min();

    private static void Count(Dictionary<string, long> counts, string key, long amount)
    {
        var count = counts.GetValueOrDefault(key) + amount;
        if (count > 0)
        {
            counts[key] = count;
        }
        else
        {
            counts.Remove(key);
        }
    }
}

/// <summary>The ledger in short: the custom status of its orchestration.</summary>
/// <param name="Admitted">Captures that hold a place.</param>
/// <param name="Waiting">Captures in line.</param>
public sealed record AdmissionSummary(int Admitted, int Waiting);
