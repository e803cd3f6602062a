using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>What the engine reports. Never an input, an output or an event's payload.</summary>
internal static partial class Log
{
    /// <summary>What is logged within carries the instance's id.</summary>
    public static readonly Func<ILogger, string, IDisposable?> InstanceScope = LoggerMessage.DefineScope<string>("{InstanceId}");

    [LoggerMessage(4001, LogLevel.Information, "Durable engine {Owner} runs on {Path}; {Reclaimed} activities were taken back from the host before")]
    public static partial void Started(ILogger logger, string owner, string path, int reclaimed);

    [LoggerMessage(4002, LogLevel.Information, "Durable engine {Owner} stopped")]
    public static partial void Stopped(ILogger logger, string owner);

    [LoggerMessage(4003, LogLevel.Debug, "Instance {InstanceId} moved on during a turn; the turn is played again")]
    public static partial void TurnOvertaken(ILogger logger, string instanceId);

    [LoggerMessage(4004, LogLevel.Error, "Instance {InstanceId}: a turn could not be read or kept, and will be tried again")]
    public static partial void TurnFaulted(ILogger logger, string instanceId, Exception exception);

    [LoggerMessage(4005, LogLevel.Error, "{Orchestrator} {InstanceId} failed: {ErrorType}: {Reason}")]
    public static partial void InstanceFailed(ILogger logger, string orchestrator, string instanceId, string errorType, string reason);

    [LoggerMessage(4006, LogLevel.Error, "{Orchestrator} {InstanceId} awaits a task that is not durable; what follows it will not run")]
    public static partial void IllegalAwait(ILogger logger, string orchestrator, string instanceId);

    [LoggerMessage(4007, LogLevel.Warning, "Activity {Activity} #{TaskId} of {InstanceId} failed")]
    public static partial void ActivityFailed(ILogger logger, string activity, string instanceId, int taskId, Exception exception);

    [LoggerMessage(
        4008,
        LogLevel.Warning,
        "Activity {Activity} #{TaskId} of {InstanceId} ended after another run had answered, or nobody waits; its result is dropped")]
    public static partial void AnswerDropped(ILogger logger, string activity, string instanceId, int taskId);

    [LoggerMessage(4009, LogLevel.Error, "Activity {Activity} #{TaskId} of {InstanceId}: its answer could not be written; it will run again")]
    public static partial void AnswerFaulted(ILogger logger, string activity, string instanceId, int taskId, Exception exception);

    [LoggerMessage(4010, LogLevel.Error, "Activities could not be leased; trying again")]
    public static partial void ClaimFaulted(ILogger logger, Exception exception);

    [LoggerMessage(4011, LogLevel.Warning, "Leases could not be renewed; trying again")]
    public static partial void RenewalFaulted(ILogger logger, Exception exception);

    [LoggerMessage(4012, LogLevel.Warning, "{Count} activities did not end in time; they run again at the next start")]
    public static partial void ActivitiesLeft(ILogger logger, int count);

    [LoggerMessage(4013, LogLevel.Error, "A loop of the durable engine failed, and begins again")]
    public static partial void LoopFaulted(ILogger logger, Exception exception);
}
