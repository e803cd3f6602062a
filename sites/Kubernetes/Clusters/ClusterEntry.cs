namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// One cluster of the registry: how its API server is found, and as whom it is spoken to. All texts, so that whatever is written in the
/// configuration can be read, and every problem be named at once by <see cref="ClusterEntryRules"/>.
/// </summary>
public sealed class ClusterEntry
{
    /// <summary>One of <see cref="ClusterKinds"/>.</summary>
    public string? Kind { get; set; }

    /// <summary><c>kubeconfig</c>: the file, or several, separated as in KUBECONFIG and merged as kubectl does.</summary>
    /// <value>None: what kubectl would use.</value>
    public string? KubeConfig { get; set; }

    /// <summary><c>kubeconfig</c>: the context.</summary>
    /// <value>None: the current one.</value>
    public string? Context { get; set; }

    /// <summary><c>aks</c>, <c>gke</c>: address of the API server, <c>https://…</c>.</summary>
    public string? Server { get; set; }

    /// <summary><c>aks</c>, <c>gke</c>: the cluster's certificate authority, as kubeconfigs have it: PEM in base64.</summary>
    /// <value>None, for gke only: the endpoint's certificate must be one that this machine trusts.</value>
    public string? CertificateAuthorityData { get; set; }

    /// <summary>
    /// <c>aks</c>: <c>managedIdentity</c>, <c>workloadIdentity</c> or <c>default</c> (DefaultAzureCredential).
    /// <c>gke</c>: <c>applicationDefault</c>, <c>serviceAccount</c> or <c>workloadIdentity</c>.
    /// </summary>
    /// <value><c>managedIdentity</c> for aks, <c>applicationDefault</c> for gke.</value>
    public string? Credential { get; set; }

    /// <summary><c>aks</c>: client id of the identity.</summary>
    /// <value>None: the system-assigned identity, or that of the workload's environment.</value>
    public string? ClientId { get; set; }

    /// <summary>
    /// <c>gke</c>: the service account's key file, or with <c>workloadIdentity</c> the configuration file of a workload identity federation.
    /// </summary>
    /// <value>None: with <c>workloadIdentity</c> the metadata server of the pod or the machine.</value>
    public string? CredentialFile { get; set; }
}
