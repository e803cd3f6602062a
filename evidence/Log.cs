using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Information, "{CaptureId}: goes on with the transfer at byte {Offset}")]
    public static partial void Resumes(ILogger logger, string captureId, long offset);

    [LoggerMessage(3002, LogLevel.Warning, "{CaptureId}: transfer cut at byte {Offset}, {Breaks} in a row: {Code} {Detail}")]
    public static partial void Cut(ILogger logger, string captureId, long offset, int breaks, string code, string? detail);

    [LoggerMessage(3003, LogLevel.Warning, "{CaptureId}: the {Bytes} bytes are not those of the container (longer: {Longer}); fetches them again from byte 0")]
    public static partial void StartsAgain(ILogger logger, string captureId, long bytes, bool longer);

    [LoggerMessage(3004, LogLevel.Information, "{CaptureId}: {Verdict}, {Packets} packets in {Bytes} bytes at {Location}")]
    public static partial void Recorded(ILogger logger, string captureId, string verdict, long packets, long bytes, string location);

    [LoggerMessage(3005, LogLevel.Error, "{CaptureId}: not stored: {Code} {Message}")]
    public static partial void NotStored(ILogger logger, string captureId, string code, string message);

    [LoggerMessage(3006, LogLevel.Error, "The manifest {Path} cannot be read: {Problem}")]
    public static partial void ManifestUnreadable(ILogger logger, string path, string problem);

    [LoggerMessage(3007, LogLevel.Warning, "{CaptureId}: what is staged after the capture was stored is discarded")]
    public static partial void LeftoverDiscarded(ILogger logger, string captureId);

    [LoggerMessage(3008, LogLevel.Warning, "{CaptureId}: the block at byte {Offset} arrived damaged at the store (attempt {Attempt}); sends it again")]
    public static partial void BlockDamaged(ILogger logger, string captureId, long offset, int attempt);

    [LoggerMessage(3009, LogLevel.Warning, "{CaptureId}: stored, and another run still holds its staging area")]
    public static partial void MarkerLeft(ILogger logger, string captureId);

    [LoggerMessage(3010, LogLevel.Information, "{CaptureId}: link to {File} for {RequestedBy}, until {ExpiresAt}")]
    public static partial void Linked(ILogger logger, string captureId, string file, string requestedBy, DateTimeOffset expiresAt);

    [LoggerMessage(3011, LogLevel.Warning, "{CaptureId}: '{Event}' is not in its log yet: {Why}")]
    public static partial void NotNoted(ILogger logger, string captureId, string @event, string why);

    [LoggerMessage(3012, LogLevel.Information, "The head of {Day} is signed by key {KeyId}; it names {Logs} logs")]
    public static partial void DaySealed(ILogger logger, DateOnly day, int logs, string keyId);

    [LoggerMessage(3013, LogLevel.Error, "{CaptureId}: line {Line} of its log does not hold: {Why}; the day's head names what is before it")]
    public static partial void LogDoesNotHold(ILogger logger, string captureId, int line, string why);
}
