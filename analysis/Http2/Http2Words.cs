namespace CaptureFlow.Analysis;

/// <summary>The names of error codes of HTTP/2.</summary>
internal static class Http2Words
{
    private static readonly string[] Errors =
    [
        "NO_ERROR", "PROTOCOL_ERROR", "INTERNAL_ERROR", "FLOW_CONTROL_ERROR", "SETTINGS_TIMEOUT", "STREAM_CLOSED", "FRAME_SIZE_ERROR", "REFUSED_STREAM",
        "CANCEL", "COMPRESSION_ERROR", "CONNECT_ERROR", "ENHANCE_YOUR_CALM", "INADEQUATE_SECURITY", "HTTP_1_1_REQUIRED",
    ];

    public static string Error(uint code) => code < Errors.Length ? $"{Errors[code]} ({code})" : $"error {code}";
}
