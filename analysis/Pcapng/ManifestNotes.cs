using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Analysis;

/// <summary>What a manifest says of its capture, as notes of a pcapng file: nothing of who asked, or why.</summary>
public static class ManifestNotes
{
    /// <summary>A verdict has a handful of reasons.</summary>
    private const int MostReasons = 10;

    /// <param name="manifest">Of the capture.</param>
    public static PcapngNotes Of(CaptureManifest manifest) => new()
    {
        Facts = [.. Facts(manifest)],
        Filter = manifest.Plan.Filter ?? manifest.Plan.Order.Filter,
    };

    private static IEnumerable<string> Facts(CaptureManifest manifest)
    {
        var (plan, order, evidence) = (manifest.Plan, manifest.Plan.Order, manifest.Evidence);
        yield return $"capture: {order.CaptureId}";
        yield return $"target: {order.Target}{(order.Target.IsNode ? "" : $" on node {plan.Node}")}";
        yield return $"cluster: {order.Target.Cluster ?? CaptureTarget.DefaultCluster}";
        yield return $"method: {plan.Site}";
        yield return $"image: {manifest.Tap?.ImageId ?? plan.Image}";
        yield return $"filter: {plan.Filter ?? order.Filter ?? "none"}";
        yield return $"bytes kept of each packet, at most: {order.Window.SnapLength.ToString(CultureInfo.InvariantCulture)}";
        yield return Window(manifest);
        yield return string.Create(
            CultureInfo.InvariantCulture, $"packets: {evidence.Packets}, {evidence.OwnPackets} of them CaptureFlow's own");
        yield return $"dropped by the kernel: {Known(manifest.Tapped?.PacketsDroppedByKernel)}";
        yield return $"verdict: {evidence.Verdict}";
        foreach (var reason in evidence.Reasons.Take(MostReasons))
        {
            yield return $"  {reason}";
        }

        yield return $"sha-256 of capture.pcap, which this was made of: {evidence.Sha256}";
    }

    private static string Window(CaptureManifest manifest)
    {
        var asked = string.Create(CultureInfo.InvariantCulture, $"{manifest.Plan.Order.Window.Duration.TotalSeconds:0.###} s asked");
        var from = manifest.Tap is { } tap
            ? string.Create(CultureInfo.InvariantCulture, $" from {tap.ListeningAt.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffZ}")
            : "";
        return manifest.Tapped is { } tapped
            ? string.Create(
                CultureInfo.InvariantCulture, $"window: {tapped.WindowSeconds:0.###} s{from}, ended by {tapped.EndedBy}; {asked}")
            : $"window: unknown{from}; {asked}";
    }

    private static string Known(long? count) => count?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
}
