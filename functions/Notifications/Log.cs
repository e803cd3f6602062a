using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Notifications;

internal static partial class Log
{
    [LoggerMessage(2201, LogLevel.Information, "{CaptureId}: told '{Receiver}' of its end")]
    public static partial void Told(ILogger logger, string captureId, string receiver);

    [LoggerMessage(2202, LogLevel.Warning, "{CaptureId}: '{Receiver}' was not told yet: {Reason}")]
    public static partial void NotTold(ILogger logger, string captureId, string receiver, string reason);

    [LoggerMessage(2203, LogLevel.Error, "{CaptureId}: '{Receiver}' refuses to be told: it answered {Status}")]
    public static partial void Refused(ILogger logger, string captureId, string receiver, int status);

    [LoggerMessage(2204, LogLevel.Error, "{CaptureId}: nobody will be told of its end, the watch over it could not be started")]
    public static partial void NotWatched(ILogger logger, string captureId, Exception reason);
}
