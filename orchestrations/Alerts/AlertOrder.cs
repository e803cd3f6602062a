using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Orchestrations;

/// <summary>An order that an alert gave, and for how long no other alert orders one of the same target. Input of <c>AlertTargetOrchestrator</c>.</summary>
/// <param name="Capture">In one pod. Exactly one of the two is set.</param>
/// <param name="Fleet">In the pods of a workload.</param>
/// <param name="CoolDown">From the order on.</param>
public sealed record AlertOrder(CaptureOrder? Capture, FleetOrder? Fleet, TimeSpan CoolDown)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string CaptureId => Capture?.CaptureId ?? Fleet!.CaptureId;

    /// <summary>The instance that stands for a target; only one of them can exist at a time.</summary>
    /// <param name="target">The same for the same target.</param>
    public static string InstanceIdOf(string target) => $"al-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)).AsSpan(0, 16))}";
}

/// <summary>The capture of an alert's order.</summary>
/// <param name="CaptureId">Null when it could not be started.</param>
public sealed record StartedOrder(string? CaptureId);
