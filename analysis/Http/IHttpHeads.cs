namespace CaptureFlow.Analysis;

/// <summary>Takes the heads of the messages of one direction, and says what follows each.</summary>
internal interface IHttpHeads
{
    /// <summary>Whether a message of this direction begins so.</summary>
    bool Begins(ReadOnlySpan<byte> start);

    /// <param name="head">From the first line to the empty one.</param>
    /// <param name="cut">Its end is not there.</param>
    /// <param name="at">The packet with its first byte.</param>
    HttpBody Head(ReadOnlySpan<byte> head, bool cut, Moment at);

    /// <summary>What came is no message of HTTP.</summary>
    void NotHttp(ReadOnlySpan<byte> start, Moment at);
}
