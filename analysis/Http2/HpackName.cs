namespace CaptureFlow.Analysis;

/// <summary>The headers that are looked at; the values of all others are never kept.</summary>
internal enum HpackName
{
    Other,

    /// <summary>A reference to an entry that was made when nobody looked.</summary>
    Unknown,
    Method,
    Path,
    Status,
    ContentType,
    GrpcStatus,
}
