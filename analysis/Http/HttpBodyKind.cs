namespace CaptureFlow.Analysis;

/// <summary>How the end of a body is found.</summary>
internal enum HttpBodyKind
{
    Length,
    Chunked,

    /// <summary>With the connection.</summary>
    UntilClose,

    /// <summary>The head is not whole: the next message is looked for.</summary>
    Unknown,

    /// <summary>What follows is not HTTP/1 any more: a tunnel, a WebSocket.</summary>
    Stop,
}
