namespace CaptureFlow.Analysis;

/// <summary>What was seen of one TLS connection.</summary>
internal sealed class TlsFacts
{
    /// <summary>RFC 8446, 5.2: a text of two bytes, its type, and the 16 bytes that every common cipher adds.</summary>
    public const int EncryptedAlertLength = 2 + 1 + 16;

    public TlsHello? ClientHello { get; set; }

    public Moment ClientHelloAt { get; set; }

    public TlsHello? ServerHello { get; set; }

    public Moment ServerHelloAt { get; set; }

    public TlsCertificate? Certificate { get; set; }

    public Moment CertificateAt { get; set; }

    /// <summary>The last message that was seen in the clear, in words.</summary>
    public string? LastStep { get; set; }

    public (bool FromClient, int Description, string After, Moment At)? Alert { get; set; }

    /// <summary>In place of a Finished came what has the length of an alert.</summary>
    public (bool FromClient, Moment At)? EncryptedAlert { get; set; }

    public (bool FromClient, Moment At)? NotTls { get; set; }

    public bool ClientFinished { get; set; }

    public bool ServerFinished { get; set; }

    /// <summary>Records of the server behind the client's Finished, and whether the first has the length of an alert.</summary>
    public (int Count, bool FirstIsAlert, Moment FirstAt) ServerAfter { get; set; }

    /// <summary>A part of the handshake is not in the file.</summary>
    public bool HasGap { get; set; }

    /// <summary>It began before the capture.</summary>
    public bool BeganBefore { get; set; }

    public bool IsVersion13 => ServerHello is { Version: 0x0304 };

    public bool IsComplete => ClientFinished && ServerFinished;

    /// <summary>The version chosen; 0 when that cannot be said.</summary>
    public int Version => ServerHello?.Version ?? 0;
}
