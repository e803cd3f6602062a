namespace CaptureFlow.Analysis;

/// <summary>What one end of a TLS connection did; <c>client</c> says which.</summary>
internal interface ITlsEvents
{
    /// <summary>A handshake message in the clear. Of a cut one only the first bytes are there.</summary>
    void Message(bool client, int type, ReadOnlySpan<byte> body, bool cut, Moment at);

    void Alerted(bool client, int level, int description, Moment at);

    void CipherChanged(bool client, Moment at);

    /// <summary>A record that cannot be read; its type and length can.</summary>
    void Encrypted(bool client, int type, int length, Moment at);

    /// <summary>A part of what may matter is not in the file.</summary>
    void Gap(bool client, Moment at);

    /// <summary>What came is no record.</summary>
    void NotTls(bool client, Moment at);
}
