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

    /// <summary>
    /// CaptureFlow's own namespace, where the accounts of captures in pods live. Nobody else should create pods there: a pod can run under any account
    /// of its namespace. Empty: each account lives in its target's namespace.
    /// </summary>
    /// <value>None: captureflow, as infra/kubernetes makes it; the target's where there is no such namespace or CaptureFlow may make no accounts in it.</value>
    [RegularExpression("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")]
    public string? AccountNamespace { get; set; }

    /// <summary>Time cap of one request to the API server; exec streams have their own.</summary>
    /// <value>15 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:40")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long one request is repeated, with growing pauses, while the API server is overloaded or out of reach.</summary>
    /// <value>30 seconds; at most 2 minutes, so that a step stays far below an activity's time limit.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:02:00")]
    public TimeSpan RetryFor { get; set; } = TimeSpan.FromSeconds(30);
}
