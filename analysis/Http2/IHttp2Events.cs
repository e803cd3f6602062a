namespace CaptureFlow.Analysis;

/// <summary>What one end of a connection of HTTP/2 did; <c>client</c> says which.</summary>
internal interface IHttp2Events
{
    void Headers(bool client, int stream, Http2Headers headers, bool endsStream, Moment at);

    /// <summary>The last bytes of a stream from this end.</summary>
    void EndStream(bool client, int stream, Moment at);

    void Reset(bool client, int stream, uint code, Moment at);

    void GoAway(bool client, uint code, Moment at);

    /// <summary>Frames are missing.</summary>
    void Gap(bool client);
}
