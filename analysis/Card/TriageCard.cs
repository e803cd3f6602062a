namespace CaptureFlow.Analysis;

/// <summary>
/// What a capture shows, on one page: a line of summary, then what was found with its packets. Nothing of payload, cookies, query strings or
/// authorization is in it.
/// </summary>
public sealed record TriageCard
{
    public const string CurrentSchema = "captureflow.triage/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    public required FileFacts File { get; init; }

    /// <summary>The worst first.</summary>
    public required IReadOnlyList<Finding> Findings { get; init; }

    /// <summary>Of how many subjects more each kind of finding was made; they are left out to keep the card on a page.</summary>
    public IReadOnlyDictionary<string, int> FindingsLeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>The conversations with the most bytes, packets, or the longest time.</summary>
    public IReadOnlyList<ConversationRow> Conversations { get; init; } = [];

    public long ConversationCount { get; init; }

    public required TcpTotals Tcp { get; init; }

    public required DnsTotals Dns { get; init; }

    public TlsTotals Tls { get; init; } = TlsTotals.None;

    public HttpTotals Http { get; init; } = HttpTotals.None;

    /// <summary>What this card cannot say, and why.</summary>
    public IReadOnlyList<string> CannotSay { get; init; } = [];
}
