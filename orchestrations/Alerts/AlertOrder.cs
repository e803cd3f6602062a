using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Orchestrations;

/// <summary>An order that an alert gave, and for how long no other alert orders one of the same target. Input of <see cref="AlertTargetOrchestratorV2"/>.</summary>
/// <param name="Capture">In one pod. Exactly one of the two is set.</param>
/// <param name="Fleet">In the pods of a workload.</param>
/// <param name="CoolDown">From the order on.</param>
public sealed record AlertOrder(CaptureOrder? Capture, FleetOrder? Fleet, TimeSpan CoolDown)
{
    [System.Text.Json.Serialization.JsonIgnore]
    public string CaptureId => Capture?.CaptureId ?? Fleet!.CaptureId;

    /// <summary>When the cool-down ends that this order begins, unless it is refused.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public DateTimeOffset CoolDownUntil => (Capture?.RequestedAt ?? Fleet!.RequestedAt) + CoolDown;

    /// <summary>Who asked for what the alerts of a binding order.</summary>
    public static string RequesterOf(string binding) => $"{RequesterPrefix}{binding}";

    /// <summary>What the requesters of alerts' orders begin with.</summary>
    public const string RequesterPrefix = "alert:";

    /// <summary>What the ids of such instances begin with, and no others'.</summary>
    public const string InstancePrefix = "al-";

    /// <summary>The instance that stands for a target; only one of them can exist at a time.</summary>
    /// <param name="target">The same for the same target.</param>
    public static string InstanceIdOf(string target) => $"{InstancePrefix}{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(target)).AsSpan(0, 16))}";
}

/// <summary>The capture of an alert's order.</summary>
/// <param name="CaptureId">Null when it could not be started.</param>
public sealed record StartedOrder(string? CaptureId);

/// <summary>How far the capture of an alert's order has come.</summary>
public sealed record SeenOrder(OrderOutcome Outcome);

/// <summary>What an alert's order came to, as far as the target's cool-down asks.</summary>
public enum OrderOutcome
{
    /// <summary>It is planned, waits for a second person, or stands in line.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("undecided")] Undecided,

    /// <summary>It captures, or has ended in any way but refused. A person's no is kept to as long as a capture would be.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("begun")] Begun,

    /// <summary>It was refused before anything was changed.</summary>
    [System.Text.Json.Serialization.JsonStringEnumMemberName("refused")] Refused,
}
