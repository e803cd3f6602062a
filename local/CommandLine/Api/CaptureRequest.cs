using System.Text.Json.Serialization;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Body of <c>POST /api/captures</c>.</summary>
internal sealed record CaptureRequest(RequestedTarget Target, RequestedWindow Window, string? Filter, string? Reason);

/// <param name="Pod"><c>NAMESPACE/POD</c>.</param>
/// <param name="Container">Null joins no container's process namespace.</param>
internal sealed record RequestedTarget(string Pod, string? Container);

/// <param name="Duration">E.g. <c>30s</c>.</param>
/// <param name="SnapLength">Bytes of each packet, or <c>full</c>; null leaves it to the server.</param>
/// <param name="MaxBytes">Null leaves it to the server.</param>
/// <param name="MaxPackets">Null for no bound.</param>
internal sealed record RequestedWindow(
    string Duration,
    [property: JsonConverter(typeof(SnapLengthConverter))] SnapLength? SnapLength,
    long? MaxBytes,
    long? MaxPackets);
