using System.Text.Json.Serialization;

namespace CaptureFlow.Orchestrations;

/// <summary>The tap's own account of the finished file, taken in the container.</summary>
/// <param name="Bytes">Size of the file.</param>
/// <param name="Sha256">Of the file, lower-case hex.</param>
/// <param name="PacketsCaptured">tcpdump's "packets captured"; null when it did not say.</param>
/// <param name="PacketsReceived">tcpdump's "packets received by filter".</param>
/// <param name="PacketsDroppedByKernel">tcpdump's "packets dropped by kernel".</param>
/// <param name="PacketsDroppedByInterface">tcpdump's "packets dropped by interface"; it prints the line only when there are any.</param>
/// <param name="EndedBy">Why it ended.</param>
/// <param name="WindowSeconds">Seconds from listening to the end of the window, tail margin excluded, by the container's clock.</param>
/// <param name="ExitCode">Of tcpdump.</param>
/// <param name="Canaries">How many canary packets the tap sent itself; null when the filter admits none, or none were wanted.</param>
public sealed record TapSummary(
    long Bytes,
    string Sha256,
    long? PacketsCaptured,
    long? PacketsReceived,
    long? PacketsDroppedByKernel,
    long? PacketsDroppedByInterface,
    TapEnd EndedBy,
    double WindowSeconds,
    int ExitCode,
    int? Canaries = null);

/// <summary>Why a tap ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TapEnd>))]
public enum TapEnd
{
    /// <summary>The window was over.</summary>
    Window,

    /// <summary>The packet or byte bound was reached.</summary>
    Limit,

    /// <summary>Somebody asked it to stop.</summary>
    Stopped,

    /// <summary>tcpdump ended by itself or was killed.</summary>
    Died,

    /// <summary>There was no room left on the disk under the file.</summary>
    Full,

    /// <summary>Whoever runs it ended it: the pod around it is being deleted, or its node is going down.</summary>
    Terminated,
}
