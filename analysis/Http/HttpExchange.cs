namespace CaptureFlow.Analysis;

/// <summary>A request, and the answer to it as far as it came.</summary>
internal sealed class HttpExchange(string protocol, string method, string route, Moment requestAt)
{
    /// <summary>Bytes that one takes while it waits, with the shape of its path.</summary>
    public const int Cost = 512;

    /// <summary><c>http/1</c>, <c>http/2</c> or <c>grpc</c>.</summary>
    public string Protocol { get; set; } = protocol;

    public string Method { get; } = method;

    public string Route { get; } = route;

    /// <summary>The packet with its first byte.</summary>
    public Moment RequestAt { get; } = requestAt;

    public int Status { get; set; }

    public int? GrpcStatus { get; set; }

    public Moment ResponseAt { get; set; }

    /// <summary>How often a part of what the server sent had been missing when it was asked.</summary>
    public long Gaps { get; init; }

    public bool IsAnswered => Status != 0;
}
