namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The kinds of <see cref="ClusterEntry"/>, and the credentials that each may name; the first is the default.</summary>
public static class ClusterKinds
{
    public const string KubeConfig = "kubeconfig";
    public const string InCluster = "inCluster";
    public const string Aks = "aks";
    public const string Gke = "gke";

    internal const string ManagedIdentity = "managedIdentity";
    internal const string WorkloadIdentity = "workloadIdentity";
    internal const string AzureDefault = "default";
    internal const string ApplicationDefault = "applicationDefault";
    internal const string ServiceAccount = "serviceAccount";

    internal static readonly IReadOnlyList<string> All = [KubeConfig, InCluster, Aks, Gke];

    internal static IReadOnlyList<string> Credentials(string kind) => kind == Aks
        ? [ManagedIdentity, WorkloadIdentity, AzureDefault]
        : [ApplicationDefault, ServiceAccount, WorkloadIdentity];

    /// <summary>The keys that a kind takes, <see cref="ClusterEntry.Kind"/> aside.</summary>
    internal static IReadOnlyList<string> Keys(string kind) => kind switch
    {
        KubeConfig => [nameof(ClusterEntry.KubeConfig), nameof(ClusterEntry.Context)],
        Aks => [nameof(ClusterEntry.Server), nameof(ClusterEntry.CertificateAuthorityData), nameof(ClusterEntry.Credential), nameof(ClusterEntry.ClientId)],
        Gke => [nameof(ClusterEntry.Server), nameof(ClusterEntry.CertificateAuthorityData), nameof(ClusterEntry.Credential), nameof(ClusterEntry.CredentialFile)],
        _ => [],
    };
}
