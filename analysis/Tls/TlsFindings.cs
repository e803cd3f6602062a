namespace CaptureFlow.Analysis;

/// <summary>What is found of TLS handshakes.</summary>
internal static class TlsFindings
{
    public static readonly FindingKind Alert = new(
        "tls-alert", FindingSeverity.Error,
        group => $"{group.Count("TLS handshake")} ended with {group.Detail}",
        "The sender of the alert refused to go on. unknown_ca, bad_certificate, certificate_expired and certificate_unknown: it does not trust the certificate of the other; "
        + "handshake_failure and protocol_version: no version or cipher in common; unrecognized_name: no such host there; certificate_required: it wants a client certificate.");

    public static readonly FindingKind EncryptedAlert = new(
        "tls-alert-encrypted", FindingSeverity.Error,
        group => $"{group.Count("TLS handshake")} ended with an encrypted alert {group.Detail}",
        "Where the end of the handshake was due came a record that has the length of an alert; its reason is encrypted. From a client it mostly means that it does not trust the "
        + "server's certificate, from a server that it does not accept the client's. The log of the sender has the reason.");

    public static readonly FindingKind Failed = new(
        "tls-handshake-failed", FindingSeverity.Error,
        group => $"{group.Count("TLS handshake")} not completed: {group.Detail}",
        "Without an answer to ClientHello the other end is overloaded, does not speak TLS on this port, or something in between drops large packets (MTU) or that host name. "
        + "After it, the client's timeout or the check of a certificate is more likely.");

    public static readonly FindingKind NotTls = new(
        "tls-answered-in-plain", FindingSeverity.Error,
        group => $"{group.Count("ClientHello")} answered with something that is not TLS",
        "The port does not speak TLS: the client uses https where the server has http, or a proxy in between answers by itself.");

    public static readonly FindingKind OldVersion = new(
        "tls-old-version", FindingSeverity.Warning,
        group => $"{group.Count("handshake")} with {group.Detail}",
        "Versions before TLS 1.2 are broken or deprecated, and many clients refuse them. Raise the minimum on both ends.");

    public static readonly FindingKind Expired = new(
        "tls-certificate-expired", FindingSeverity.Error,
        group => $"{group.Count("handshake")} with a certificate that {group.Detail}",
        "Clients that verify it will refuse. Renew it, see whether the process has loaded the new one, and whether the clocks are right.");

    public static readonly FindingKind ExpiresSoon = new(
        "tls-certificate-expires-soon", FindingSeverity.Note,
        group => $"{group.Count("handshake")} with a certificate that {group.Detail}",
        "Short-lived certificates of a mesh are renewed in time; others should have been by now.");

    public static readonly FindingKind OtherName = new(
        "tls-certificate-name", FindingSeverity.Warning,
        group => $"{group.Count("handshake")} with a certificate for other names: {group.Detail}",
        "The client asked for a name that the certificate does not have, and will refuse if it verifies: a wrong host, a default certificate of the ingress, or a renamed Service.");

    public static readonly FindingKind Slow = new(
        "tls-slow-handshake", FindingSeverity.Warning,
        group => $"{group.Count("slow answer")} to ClientHello: the longest took {Words.Time(group.Largest)}",
        "The server is busy or out of CPU, waits for something (a key store, a lookup of the name), or packets were lost.");
}
