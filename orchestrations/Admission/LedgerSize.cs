namespace CaptureFlow.Orchestrations;

/// <summary>
/// How much of the ledger's state, as JSON, its parts take at most. The state travels as one message: the Durable Task Scheduler takes 1 MiB, and
/// what it cannot take would end the ledger.
/// </summary>
internal sealed class LedgerSize
{
    /// <summary>Bytes of the whole state. Half of what a message may have, for a platform's own JSON may be longer.</summary>
    public const int Most = 512 << 10;

    private const int EmptyState = 100;
    private const int OfRequest = 300;
    private const int OfClaim = 170;
    private const int OfSpent = 30;

    // The claims of a capture stay the same list as long as the ledger has them.
    private readonly Dictionary<IReadOnlyList<QuotaClaim>, int> _known = new(ReferenceEqualityComparer.Instance);

    public int Of(IEnumerable<AdmittedCapture> admitted, IEnumerable<WaitingCapture> waiting, IEnumerable<string> spent) =>
        EmptyState + admitted.Sum(capture => Of(capture.Claims)) + waiting.Sum(capture => Of(capture.Request.Claims)) + spent.Sum(key => OfSpent + Escaped(key));

    /// <summary>One capture, with what it takes and what it may add to the day's account.</summary>
    public int Of(IReadOnlyList<QuotaClaim> claims)
    {
        if (!_known.TryGetValue(claims, out var size))
        {
            _known[claims] = size = OfRequest + claims.Sum(claim => OfClaim + Escaped(claim.Name) + (claim.Daily ? OfSpent + Escaped(claim.Key) : 0));
        }

        return size;
    }

    // At most six characters for one that is not plain.
    private static int Escaped(string text) => text.Sum(c => char.IsAsciiLetterOrDigit(c) || "-_./:@ ".Contains(c, StringComparison.Ordinal) ? 1 : 6);
}
