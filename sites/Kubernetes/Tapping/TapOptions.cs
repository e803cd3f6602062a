using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The tap's container.</summary>
public sealed class TapOptions
{
    public const string Section = "CaptureFlow:Tap";

    /// <summary>An image with sh, tcpdump, timeout, dd and sha256sum.</summary>
    /// <value>nicolaka/netshoot, a pinned release.</value>
    [Required]
    public string Image { get; set; } = "nicolaka/netshoot:v0.13";

    /// <summary>How long the container may take to listen, image pull included.</summary>
    /// <value>2 minutes; at most 5, so that the step stays below an activity's time limit.</value>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan StartAllowance { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a failing image pull is tolerated: the kubelet's first back-off is 10 s, so this covers one second try.</summary>
    /// <value>25 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan PullTolerance { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long after the window the container keeps the file for retrieval, should nobody release it.</summary>
    /// <value>15 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:30", "02:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// tcpdump's buffer in the kernel (<c>-B</c>), in KiB: what a burst may fill before packets are dropped. It counts against the pod's memory limit.
    /// </summary>
    /// <value>16384 (16 MiB).</value>
    [Range(64, 1 << 20)]
    public int BufferKiB { get; set; } = 16_384;

    /// <summary>
    /// Whether the tap sends itself a datagram at both ends of the window, to the discard port of the pod's own loopback, where the filter admits it: a
    /// tap that captures sees it, so that an empty file is known to be silence. In the file, they are the packets to 127.0.0.1 port 9 with the capture's id.
    /// </summary>
    /// <value>true.</value>
    public bool Canary { get; set; } = true;

    /// <summary>Whether the file is compressed (gzip) in the container on its way out.</summary>
    /// <value>Auto: only when the line proves slower than a compressor and the bytes compress well.</value>
    public TapCompression Compression { get; set; } = TapCompression.Auto;
}
