using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Sites.Gce;

/// <summary>Captures on GKE nodes over SSH. Without <see cref="Projects"/> there are none.</summary>
public sealed class GceOptions
{
    public const string Section = "CaptureFlow:Gce";

    /// <summary>The projects whose instances may be captured on, and are swept.</summary>
    /// <value>Empty: no captures over SSH.</value>
    public IList<string> Projects { get; init; } = [];

    /// <summary>How a node is reached.</summary>
    /// <value>Iap.</value>
    public NodeTunnelKind Tunnel { get; set; } = NodeTunnelKind.Iap;

    /// <summary>Where the node's own host keys are known from.</summary>
    /// <value>GuestAttributes: the instance publishes them (<c>enable-guest-attributes=TRUE</c>).</value>
    public HostKeySource HostKeys { get; set; } = HostKeySource.GuestAttributes;

    /// <summary>With <c>Pinned</c>: instance name to host key, as in known_hosts (<c>ssh-ed25519 AAAA…</c>) or as <c>SHA256:…</c>.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, string> PinnedHostKeys { get; init; } = new Dictionary<string, string>();

    /// <summary>The Linux user of the node that captures log in as. The guest agent makes it once and keeps it, so it is one for all captures.</summary>
    /// <value>captureflow.</value>
    [Required]
    [RegularExpression("[a-z_][a-z0-9_-]{0,31}")]
    public string User { get; set; } = "captureflow";

    /// <summary>Roles that a capture grants <see cref="Member"/> on the one instance, under a condition that expires.</summary>
    /// <value>Empty: CaptureFlow's identity has what it needs by itself.</value>
    public IList<string> Roles { get; init; } = [];

    /// <summary>Who gets <see cref="Roles"/>: CaptureFlow's own identity, as IAM writes it.</summary>
    /// <example>serviceAccount:captureflow@project.iam.gserviceaccount.com</example>
    public string? Member { get; set; }

    /// <summary><c>applicationDefault</c>, <c>serviceAccount</c> or <c>workloadIdentity</c>, as in <c>CaptureFlow:Clusters</c>.</summary>
    /// <value>applicationDefault.</value>
    public string? Credential { get; set; }

    /// <summary>The file of <see cref="Credential"/>, where it needs one.</summary>
    public string? CredentialFile { get; set; }

    /// <summary>How long a new key or role may take until the node lets it in: the guest agent hears of keys in seconds, IAM may take minutes.</summary>
    /// <value>2 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan LoginWithin { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long one activity waits for a revoked key to be refused; the orchestrator repeats it.</summary>
    /// <value>1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan RefusedWithin { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long the toolbox may take until tcpdump listens: its first start on a node pulls an image of hundreds of megabytes.</summary>
    /// <value>4 minutes; at most 5, so that the step stays below an activity's time limit.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan ToolboxAllowance { get; set; } = TimeSpan.FromMinutes(4);

    /// <summary>Whether tcpdump is installed into the toolbox (apt-get) where it is missing. The node itself is not changed by it.</summary>
    /// <value>True.</value>
    public bool InstallTcpdump { get; set; } = true;

    /// <summary>How long after the window the node keeps the file for retrieval, should nobody come back.</summary>
    /// <value>15 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:30", "02:00:00")]
    public TimeSpan Linger { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>What must stay free in the node's <c>/tmp</c> beside the largest file that the plan allows, in bytes.</summary>
    /// <value>64 MiB.</value>
    [Range(0, long.MaxValue)]
    public long FreeBytes { get; set; } = 64L << 20;
}
