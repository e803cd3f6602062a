using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Triage;

internal static partial class Log
{
    [LoggerMessage(2301, LogLevel.Information, "{CaptureId}: triage card of {Packets} packets made in {Seconds:0.00} s")]
    public static partial void Made(ILogger logger, string captureId, long packets, double seconds);

    [LoggerMessage(2302, LogLevel.Warning, "{CaptureId}: no triage card yet, it is made when somebody asks for it: {Why}")]
    public static partial void NotMade(ILogger logger, string captureId, string why);

    [LoggerMessage(2303, LogLevel.Error, "{CaptureId}: no triage card, the analysis failed unexpectedly")]
    public static partial void Failed(ILogger logger, string captureId, Exception reason);

    [LoggerMessage(2304, LogLevel.Warning, "{CaptureId}: its triage card cannot be read: {Why}")]
    public static partial void Unreadable(ILogger logger, string captureId, string why);
}
