namespace CaptureFlow.Local.Durable.History;

/// <summary>The call that started a sub-orchestration, and is answered when it ends.</summary>
internal sealed record ParentCall(string Name, string InstanceId, string ExecutionId, int TaskId);
