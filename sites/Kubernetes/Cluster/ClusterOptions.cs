using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Which cluster, and how patiently it is spoken to.</summary>
public sealed class ClusterOptions
{
    public const string Section = "CaptureFlow:Cluster";

    /// <summary>Path of a kubeconfig file.</summary>
    /// <value>None: inside a cluster its own service account, else the kubeconfig that kubectl would use.</value>
    public string? KubeConfig { get; set; }

    /// <summary>Context of the kubeconfig.</summary>
    /// <value>None: its current context.</value>
    public string? Context { get; set; }

    /// <summary>Time cap of one request to the API server; exec streams have their own.</summary>
    /// <value>15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:40")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one request is repeated, with growing pauses, while the API server is overloaded or out of reach.</summary>
    /// <value>30 seconds; at most 2 minutes, so that a step stays far below an activity's time limit.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);
}
