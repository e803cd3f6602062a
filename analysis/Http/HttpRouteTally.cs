namespace CaptureFlow.Analysis;

/// <summary>All requests of one method for one shape of path at one server.</summary>
internal sealed class HttpRouteTally
{
    private const int MostStatuses = 16;

    private readonly SortedDictionary<string, long> _statuses = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _protocols = new(StringComparer.Ordinal);
    private long _unanswered;

    public RoundTrips Times;

    /// <summary>What was found of these requests.</summary>
    public HashSet<FindingGroup> Findings { get; } = [];

    public long Requests { get; private set; }

    public long Errors { get; private set; }

    /// <summary>Answered, or of unknown end when it has no status.</summary>
    public void Add(HttpExchange exchange)
    {
        Requests++;
        _protocols.Add(exchange.Protocol);
        if (exchange.IsAnswered)
        {
            Count(exchange.GrpcStatus is { } status ? HttpWords.Grpc(status) : $"{exchange.Status}");
            Errors += exchange.Status >= 500 || exchange.GrpcStatus is > 0 ? 1 : 0;
        }
    }

    public void AddUnanswered(HttpExchange exchange)
    {
        Requests++;
        Errors++;
        _unanswered++;
        _protocols.Add(exchange.Protocol);
    }

    public HttpRouteRow ToRow(string server, string method, string route) => new(
        server, [.. _protocols], method, route, Requests, _statuses, _unanswered,
        Times.MedianMilliseconds, Times.LongestMilliseconds, Times.Count == 0 ? null : Times.LargestPacket);

    private void Count(string status)
    {
        status = _statuses.Count < MostStatuses || _statuses.ContainsKey(status) ? status : "others";
        _statuses[status] = _statuses.GetValueOrDefault(status) + 1;
    }
}
