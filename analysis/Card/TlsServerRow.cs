namespace CaptureFlow.Analysis;

/// <summary>One server, under one name that clients asked it for.</summary>
/// <param name="Server">Address and port.</param>
/// <param name="Name">The host name of the ClientHello (SNI); null without one.</param>
/// <param name="Handshakes">How many.</param>
/// <param name="Failed">How many of them.</param>
/// <param name="Versions">Chosen by the server.</param>
/// <param name="Protocols">Of ALPN: the one chosen where it is in the clear (TLS 1.2), else those that clients offered.</param>
/// <param name="CertificateNames">Of the server's certificate, where it is in the clear (TLS 1.2); the first few.</param>
/// <param name="CertificateNotAfter">Until when it is valid; null when it was not seen.</param>
public sealed record TlsServerRow(
    string Server,
    string? Name,
    long Handshakes,
    long Failed,
    IReadOnlyList<string> Versions,
    IReadOnlyList<string> Protocols,
    IReadOnlyList<string> CertificateNames,
    DateTimeOffset? CertificateNotAfter);
