namespace CaptureFlow.Local.CommandLine;

/// <summary>Which cluster a host of this process works in.</summary>
/// <param name="Kubeconfig">Null for the usual places.</param>
/// <param name="Context">Null for the current one.</param>
/// <param name="Image">Of the tap; null for the configured one.</param>
/// <param name="Config">The file of its settings; null for the user's own.</param>
internal sealed record ClusterChoice(string? Kubeconfig, string? Context, string? Image = null, string? Config = null)
{
    /// <summary>As configuration of the Kubernetes site.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Settings()
    {
        if (Kubeconfig is not null)
        {
            yield return new("CaptureFlow:Cluster:Kubeconfig", Kubeconfig);
        }

        if (Context is not null)
        {
            yield return new("CaptureFlow:Cluster:Context", Context);
        }

        if (Image is not null)
        {
            yield return new("CaptureFlow:Tap:Image", Image);
        }
    }
}
