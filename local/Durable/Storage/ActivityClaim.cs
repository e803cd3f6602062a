namespace CaptureFlow.Local.Durable.Storage;

/// <summary>An activity call that this host leased.</summary>
internal sealed record ActivityClaim(long Id, string InstanceId, string ExecutionId, int TaskId, string Name, string? Input, int Delivery);
