using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>Tells protocols by their first bytes, not by ports.</summary>
internal static class StreamRecognizer
{
    /// <summary>Bytes that decide in any case.</summary>
    public const int Enough = 24;

    /// <summary>PostgreSQL's SSLRequest: length 8, code 80877103.</summary>
    private const ulong PostgresRequest = 0x0000_0008_04d2_162f;

    private const int ClientHello = 1;
    private const int ServerHello = 2;

    /// <param name="start">The first bytes of one direction.</param>
    /// <param name="byClient">Whether only a client, or only a server, begins so; null where both may.</param>
    /// <param name="began">Whether the connection began here; in the middle of one, frames of HTTP/2 are looked for too.</param>
    public static StreamProtocol Recognize(ReadOnlySpan<byte> start, bool began, out bool? byClient)
    {
        byClient = null;
        if (start.Length >= TlsRecordReader.HeaderLength && TlsRecordReader.IsHeader(start))
        {
            var message = start[0] == TlsRecordReader.Handshake && start.Length > TlsRecordReader.HeaderLength
                ? start[TlsRecordReader.HeaderLength]
                : 0;
            byClient = message == ClientHello ? true : message == ServerHello ? false : null;
            return StreamProtocol.Tls;
        }

        if (start.Length >= sizeof(ulong) && BinaryPrimitives.ReadUInt64BigEndian(start) == PostgresRequest)
        {
            byClient = true;
            return StreamProtocol.TlsAsked;
        }

        if (start.StartsWith(Http2FrameReader.Preface))
        {
            byClient = true;
            return StreamProtocol.Http2;
        }

        if (HttpWords.Method(start) is not null || start.StartsWith(HttpWords.Version))
        {
            byClient = !start.StartsWith(HttpWords.Version);
            return StreamProtocol.Http1;
        }

        return !began && Http2Frames.AreIn(start) ? StreamProtocol.Http2Midway
            : MayBecomeMore(start) ? StreamProtocol.Undecided
            : StreamProtocol.None;
    }

    private static bool MayBecomeMore(ReadOnlySpan<byte> start) =>
        start.Length == 0
        || (start.Length < TlsRecordReader.HeaderLength
            && start[0] is >= TlsRecordReader.ChangeCipherSpec and <= TlsRecordReader.ApplicationData)
        || (start.Length < sizeof(ulong) && start[0] == 0)
        || (start.Length < Http2FrameReader.Preface.Length && Http2FrameReader.Preface.StartsWith(start))
        || HttpWords.MayBecomeMessage(start);
}
