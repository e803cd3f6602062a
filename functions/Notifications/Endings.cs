using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Notifications;

/// <summary>What there is to tell of an instance that has ended.</summary>
internal static class Endings
{
    public static CaptureEnding Of(OrchestrationMetadata instance) => FleetView.IsFleet(instance) ? Of(FleetView.Of(instance), instance) : Of(CaptureView.Of(instance));

    /// <summary>The order's own address to tell, sealed; null when it has none.</summary>
    public static string? CallbackOf(OrchestrationMetadata instance) => instance.SerializedInput is null ? null
        : FleetView.IsFleet(instance) ? instance.ReadInputAs<FleetOrder>()?.Callback
        : instance.ReadInputAs<CaptureOrder>()?.Callback;

    private static CaptureEnding Of(CaptureView view) => new()
    {
        CaptureId = view.Id,
        Target = view.Order?.Target.ToString() ?? "",
        State = view.Status,
        Verdict = view.Verdict,
        RevocationProven = view.Status == CaptureState.RevokeUnproven ? false : view.Revocation?.Proven,
        Packets = view.Evidence?.OthersPackets,
        Bytes = view.Evidence?.Bytes,
        RequestedBy = view.Order?.RequestedBy,
        Reason = view.Order?.Reason,
        FaultCode = view.Faults is [var fault, ..] ? fault.Code : null,
        FaultMessage = view.Faults is [var first, ..] ? first.Message : null,
        HasManifest = view.Evidence is not null,
        EndedAt = view.UpdatedAt,
    };

    private static CaptureEnding Of(FleetView view, OrchestrationMetadata instance)
    {
        var members = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed, SerializedOutput: not null } ? instance.ReadOutputAs<FleetReport>()?.Members ?? [] : [];
        var fault = view.Faults.Concat(members.SelectMany(member => member.Faults)).FirstOrDefault();
        return new()
        {
            CaptureId = view.Id,
            Fleet = true,
            Target = view.Order?.Target.ToString() ?? "",
            State = view.Status,
            Verdict = members.Max(member => member.Verdict),
            RevocationProven = view.Status == CaptureState.RevokeUnproven ? false : members.Count == 0 ? null : members.All(member => member.RightsGone),
            Packets = members.Sum(member => member.Packets),
            Bytes = members.Sum(member => member.Bytes),
            RequestedBy = view.Order?.RequestedBy,
            Reason = view.Order?.Reason,
            FaultCode = fault?.Code,
            FaultMessage = fault?.Message,
            EndedAt = view.UpdatedAt,
        };
    }
}
