namespace CaptureFlow.Local.Durable;

/// <summary>One delivery of an activity call.</summary>
/// <param name="Name">The activity's name as it was called.</param>
/// <param name="InstanceId">The orchestration instance that called.</param>
/// <param name="TaskId">The number of the call within that instance.</param>
/// <param name="Delivery">1 for the first delivery, more after a host died or lost its lease.</param>
/// <param name="Input">The input as JSON, or null.</param>
/// <param name="CancellationToken">Cancelled when the host stops.</param>
internal sealed record ActivityInvocation(
    string Name, string InstanceId, int TaskId, int Delivery, string? Input, CancellationToken CancellationToken);
