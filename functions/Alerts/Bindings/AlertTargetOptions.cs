namespace CaptureFlow.Functions.Alerts.Bindings;

/// <summary>
/// Where to capture: a namespace, and in it a pod or a workload, each either fixed or taken from a label that is named here. A label's value is
/// only ever compared and used as a name.
/// </summary>
public sealed class AlertTargetOptions
{
    /// <summary>The one namespace.</summary>
    /// <value>None: then <see cref="NamespaceLabel"/>.</value>
    public string? Namespace { get; set; }

    /// <summary>The label whose value is the namespace.</summary>
    public string? NamespaceLabel { get; set; }

    /// <summary>The namespaces that the label may name.</summary>
    /// <value>Empty; needed with <see cref="NamespaceLabel"/>.</value>
    public IList<string> Namespaces { get; init; } = [];

    /// <summary>The label whose value is the pod.</summary>
    public string? PodLabel { get; set; }

    /// <summary>The one workload, KIND/NAME.</summary>
    public string? Workload { get; set; }

    /// <summary>Kinds of workload, and for each the label whose value is its name. The first that an alert has is taken, in the order of the kinds' names.</summary>
    /// <value>Empty.</value>
    public IDictionary<string, string> WorkloadLabels { get; init; } = new Dictionary<string, string>();

    /// <summary>Of a workload, take at most so many pods.</summary>
    /// <value>3.</value>
    public int MaxPods { get; set; } = 3;

    /// <summary>A cluster of the configuration.</summary>
    /// <value>None: the default cluster.</value>
    public string? Cluster { get; set; }
}
