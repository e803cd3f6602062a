using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Alerts;

/// <summary>Of alerts. Names of bindings are ours; nothing that a stranger sent is written.</summary>
internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Warning, "A call to binding '{Binding}' was refused: its sender did not prove itself")]
    public static partial void Refused(ILogger logger, string binding);

    [LoggerMessage(2102, LogLevel.Error, "The sender of binding '{Binding}' could not be authenticated")]
    public static partial void CannotTell(ILogger logger, string binding, Exception reason);

    [LoggerMessage(2103, LogLevel.Warning, "Binding '{Binding}' was sent a message that cannot be read: {Problem}")]
    public static partial void Unreadable(ILogger logger, string binding, string problem);

    [LoggerMessage(2104, LogLevel.Information, "Binding '{Binding}': {Alerts} alerts, {Started} started, {Joined} joined, {Ignored} ignored: {Summary}")]
    public static partial void Received(ILogger logger, string binding, long alerts, long started, long joined, long ignored, string summary);

    [LoggerMessage(2105, LogLevel.Warning, "A call to binding '{Binding}' was heeded, and will not be in its history")]
    public static partial void NotNoted(ILogger logger, string binding, Exception reason);
}
