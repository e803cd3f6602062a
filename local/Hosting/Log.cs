using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Hosting;

internal static partial class Log
{
    [LoggerMessage(1100, LogLevel.Information, "Listening on {Url}, state in {StateFolder}: {Http} HTTP functions, {Timers} timers, {Orchestrators} orchestrators, {Activities} activities")]
    public static partial void Started(ILogger logger, Uri url, string stateFolder, int http, int timers, int orchestrators, int activities);

    [LoggerMessage(1103, LogLevel.Warning, "{File} is not read because it lies here; if it is meant, name it: --config {File}")]
    public static partial void NotRead(ILogger logger, string file);

    [LoggerMessage(1101, LogLevel.Error, "The timer function {Function} failed; its schedule goes on")]
    public static partial void TimerFailed(ILogger logger, string function, Exception exception);

    [LoggerMessage(1102, LogLevel.Error, "The HTTP function {Function} failed")]
    public static partial void HttpFailed(ILogger logger, string function, Exception exception);
}
