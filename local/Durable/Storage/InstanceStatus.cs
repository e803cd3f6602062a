using Microsoft.DurableTask.Client;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>The statuses as the file spells them.</summary>
internal static class InstanceStatus
{
    public const string Pending = nameof(OrchestrationRuntimeStatus.Pending);
    public const string Running = nameof(OrchestrationRuntimeStatus.Running);
    public const string Suspended = nameof(OrchestrationRuntimeStatus.Suspended);
    public const string Completed = nameof(OrchestrationRuntimeStatus.Completed);
    public const string Failed = nameof(OrchestrationRuntimeStatus.Failed);
    public const string Terminated = nameof(OrchestrationRuntimeStatus.Terminated);

    /// <summary>For SQL: an instance in one of these is over.</summary>
    public const string TerminalList = "('Completed','Failed','Terminated')";

    public static bool IsTerminal(string status) => status is Completed or Failed or Terminated;
}
