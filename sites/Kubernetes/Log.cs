using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What the Kubernetes site logs. Event ids 2000 to 2099.</summary>
internal static partial class Log
{
    [LoggerMessage(2000, LogLevel.Information, "Asking again after {Milliseconds:0} ms: {What} answered {Status} {Words}")]
    public static partial void Repeating(this ILogger logger, string what, int status, string words, double milliseconds);

    [LoggerMessage(2001, LogLevel.Information, "{CaptureId}: granted {Role} in {Namespace} until {ExpiresAt:O}")]
    public static partial void Granted(this ILogger logger, string captureId, string role, string @namespace, DateTimeOffset expiresAt);

    [LoggerMessage(2002, LogLevel.Information, "{CaptureId}: listening in {Namespace}/{Pod}")]
    public static partial void Listening(this ILogger logger, string captureId, string @namespace, string pod);

    [LoggerMessage(2006, LogLevel.Information, "{CaptureId}: listening on node {Node}")]
    public static partial void ListeningOn(this ILogger logger, string captureId, string node);

    [LoggerMessage(2003, LogLevel.Information, "{CaptureId}: revoked, proven: {Proven}")]
    public static partial void Revoked(this ILogger logger, string captureId, bool proven);

    [LoggerMessage(2004, LogLevel.Warning, "{CaptureId}: the container was not released: {Words}")]
    public static partial void NotReleased(this ILogger logger, string captureId, string words);

    [LoggerMessage(2010, LogLevel.Warning, "No token: {Words}")]
    public static partial void NoToken(this ILogger logger, string words);

    [LoggerMessage(2005, LogLevel.Warning, "Sweep: {Kind} {Namespace}/{Name} was past its expiry: {Outcome}")]
    public static partial void Swept(this ILogger logger, string kind, string @namespace, string name, string outcome);

    [LoggerMessage(2011, LogLevel.Warning, "Sweep: {Kind} {Namespace}/{Name} claims to expire at {Claimed:O}, {Days:0.#} days beyond any capture's ceiling; it counts as expired at {ExpiresAt:O}")]
    public static partial void BeyondCeiling(this ILogger logger, string kind, string @namespace, string name, DateTimeOffset claimed, double days, DateTimeOffset expiresAt);

    [LoggerMessage(2020, LogLevel.Information, "{CaptureId}: the line is slow and the bytes compress well: compressed from byte {Offset} on")]
    public static partial void Compresses(this ILogger logger, string captureId, long offset);
}
