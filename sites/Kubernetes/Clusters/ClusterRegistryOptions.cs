namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The registry of clusters: <c>CaptureFlow:Clusters:NAME</c>.</summary>
public sealed class ClusterRegistryOptions
{
    /// <summary>The section that <see cref="Clusters"/> is a part of.</summary>
    public const string Section = "CaptureFlow";

    /// <summary>The clusters by name, beside the default one of <see cref="ClusterOptions"/>, which may be declared here instead.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, ClusterEntry> Clusters { get; init; } = new Dictionary<string, ClusterEntry>();
}
