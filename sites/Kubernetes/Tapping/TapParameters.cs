using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The bounds that the tap keeps by itself, whatever becomes of CaptureFlow.</summary>
/// <param name="CaptureId">Names its folder.</param>
/// <param name="Window">From listening on.</param>
/// <param name="Life">Longest life of the container, from its start.</param>
/// <param name="MaxBytes">Size bound of the file; 0 when the packet count bounds it.</param>
/// <param name="MaxPackets">tcpdump's <c>-c</c>; 0 for none.</param>
/// <param name="Canary">Whether the tap sends itself canary packets.</param>
internal sealed record TapParameters(string CaptureId, TimeSpan Window, TimeSpan Life, long MaxBytes, long MaxPackets, bool Canary)
{
    /// <summary>Measured: packets of the last second before an INT are lost in 1 of 10 runs, of the last 1.2 s in none.</summary>
    public static readonly TimeSpan TailMargin = TimeSpan.FromSeconds(1.2);

    // By then the script has ended tcpdump long ago; timeout(1) is for a script that hangs.
    private static readonly TimeSpan HardSlack = TimeSpan.FromSeconds(10);

    /// <summary>How long the tap keeps the file for retrieval is the options' business.</summary>
    public static TapParameters Of(CaptureOrder order, TapOptions options)
    {
        var counted = order.Window.SnapLength <= CaptureWindow.CountedSnapLength;
        return new(
            order.CaptureId,
            order.LongestWindow,
            order.LongestWindow + options.Linger,
            counted ? 0 : order.Window.MaxBytes,
            order.Window.PacketBound ?? 0,
            options.Canary);
    }

    public string[] ToArguments() =>
    [
        CaptureId,
        Whole(Window.TotalMilliseconds / 10),
        Whole(TailMargin.TotalMilliseconds / 10),
        Whole((Window + TailMargin + HardSlack).TotalSeconds),
        Whole(Life.TotalSeconds),
        MaxBytes.ToString(CultureInfo.InvariantCulture),
        MaxPackets.ToString(CultureInfo.InvariantCulture),
        Canary ? "1" : "0",
    ];

    private static string Whole(double number) => Math.Ceiling(number).ToString("0", CultureInfo.InvariantCulture);
}
