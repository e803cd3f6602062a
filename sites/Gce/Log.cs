using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Gce;

/// <summary>What captures over SSH log. Event ids 2100 to 2199.</summary>
internal static partial class Log
{
    [LoggerMessage(2100, LogLevel.Information, "Asking again after {Milliseconds:0} ms: {What}: {Words}")]
    public static partial void AsksAgain(this ILogger logger, string what, string words, double milliseconds);

    [LoggerMessage(2101, LogLevel.Information, "{CaptureId}: a key for {User} on {Instance} until {ExpiresAt:O}")]
    public static partial void KeyAdded(this ILogger logger, string captureId, string user, string instance, DateTimeOffset expiresAt);

    [LoggerMessage(2102, LogLevel.Information, "{CaptureId}: listening on {Instance}")]
    public static partial void ListeningOn(this ILogger logger, string captureId, string instance);

    [LoggerMessage(2103, LogLevel.Information, "{CaptureId}: revoked on {Instance}, proven: {Proven}")]
    public static partial void RevokedOn(this ILogger logger, string captureId, string instance, bool proven);

    [LoggerMessage(2104, LogLevel.Warning, "{CaptureId}: the tap on {Instance} could not be ended: {Words}")]
    public static partial void NotEnded(this ILogger logger, string captureId, string instance, string words);

    [LoggerMessage(2105, LogLevel.Warning, "Sweep: {Kind} of {CaptureId} on {Instance} was past its expiry: {Outcome}")]
    public static partial void SweptOn(this ILogger logger, string kind, string captureId, string instance, string outcome);

    [LoggerMessage(2106, LogLevel.Information, "Tunnel to {Instance}: cut after {Received} bytes, taken up again")]
    public static partial void TunnelResumed(this ILogger logger, string instance, long received);
}
