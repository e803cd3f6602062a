namespace CaptureFlow.Analysis;

/// <summary>The names that the registry of TLS has for numbers.</summary>
internal static class TlsWords
{
    public const int CloseNotify = 0;

    private static readonly Dictionary<int, string> Alerts = new()
    {
        [0] = "close_notify",
        [10] = "unexpected_message",
        [20] = "bad_record_mac",
        [21] = "decryption_failed",
        [22] = "record_overflow",
        [30] = "decompression_failure",
        [40] = "handshake_failure",
        [41] = "no_certificate",
        [42] = "bad_certificate",
        [43] = "unsupported_certificate",
        [44] = "certificate_revoked",
        [45] = "certificate_expired",
        [46] = "certificate_unknown",
        [47] = "illegal_parameter",
        [48] = "unknown_ca",
        [49] = "access_denied",
        [50] = "decode_error",
        [51] = "decrypt_error",
        [60] = "export_restriction",
        [70] = "protocol_version",
        [71] = "insufficient_security",
        [80] = "internal_error",
        [86] = "inappropriate_fallback",
        [90] = "user_canceled",
        [100] = "no_renegotiation",
        [109] = "missing_extension",
        [110] = "unsupported_extension",
        [112] = "unrecognized_name",
        [113] = "bad_certificate_status_response",
        [115] = "unknown_psk_identity",
        [116] = "certificate_required",
        [120] = "no_application_protocol",
    };

    public static string Alert(int description) => Alerts.TryGetValue(description, out var name) ? $"{name} ({description})" : $"number {description}";

    /// <summary>Whether an alert says that something is wrong: all but the ends that are meant, and warnings.</summary>
    public static bool IsFailure(int level, int description) => level != 1 && description is not (CloseNotify or 90 or 100);

    public static string Version(int version) => version switch
    {
        0x0300 => "SSL 3.0",
        0x0301 => "TLS 1.0",
        0x0302 => "TLS 1.1",
        0x0303 => "TLS 1.2",
        0x0304 => "TLS 1.3",
        0 => "unknown",
        _ => $"0x{version:x4}",
    };
}
