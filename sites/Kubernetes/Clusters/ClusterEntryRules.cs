using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using CaptureFlow.Orchestrations;
using k8s.Exceptions;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What an entry of the registry must be. Reads files, speaks to nobody; every breach names the key, the rule and the remedy.</summary>
internal static class ClusterEntryRules
{
    /// <param name="name">The entry's name.</param>
    /// <param name="entry">The entry as it was read.</param>
    /// <param name="keys">The keys that the configuration gives it.</param>
    public static IEnumerable<string> Check(string name, ClusterEntry entry, IReadOnlyCollection<string> keys)
    {
        var at = $"{ClusterRegistryOptions.Section}:{nameof(ClusterRegistryOptions.Clusters)}:{name}";
        if (!DnsNames.IsLabel(name))
        {
            yield return $"{at}: the name is no DNS label; use at most 63 lower case letters, digits and hyphens.";
        }

        if (entry.Kind is not { } kind || !ClusterKinds.All.Contains(kind))
        {
            yield return $"{at}:Kind: '{entry.Kind}' is no kind of cluster; write one of {string.Join(", ", ClusterKinds.All)}.";
            yield break;
        }

        var known = ClusterKinds.Keys(kind);
        foreach (var key in keys.Where(k => !k.Equals(nameof(entry.Kind), StringComparison.OrdinalIgnoreCase) && !known.Contains(k, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"{at}:{key}: a cluster of kind {kind} has no such key; "
                + (known.Count == 0 ? "remove it." : $"it takes {string.Join(", ", known)}.");
        }

        foreach (var problem in kind is ClusterKinds.Aks or ClusterKinds.Gke ? Remote(at, kind, entry) : Local(at, kind, entry))
        {
            yield return problem;
        }
    }

    /// <summary>The certificates, or null when the text holds none.</summary>
    public static X509Certificate2Collection? TryReadAuthority(string data)
    {
        try
        {
            var certificates = new X509Certificate2Collection();
            certificates.ImportFromPem(Encoding.UTF8.GetString(Convert.FromBase64String(data)));
            return certificates.Count > 0 ? certificates : null;
        }
        catch (Exception e) when (e is FormatException or CryptographicException)
        {
            return null;
        }
    }

    private static IEnumerable<string> Local(string at, string kind, ClusterEntry entry)
    {
        if (kind == ClusterKinds.InCluster)
        {
            if (!k8s.KubernetesClientConfiguration.IsInCluster())
            {
                yield return $"{at}:Kind: inCluster needs a pod with a service account's token, and this is none; use kind kubeconfig, or run CaptureFlow in the cluster.";
            }

            yield break;
        }

        if (Unusable(entry) is { } complaint)
        {
            yield return $"{at}:{(entry.KubeConfig is null && entry.Context is not null ? nameof(entry.Context) : nameof(entry.KubeConfig))}: "
                + $"the kubeconfig must be readable and have the context; {complaint.TrimEnd('.')}.";
        }
    }

    private static string? Unusable(ClusterEntry entry)
    {
        try
        {
            KubeConfigAccess.Check(KubeConfigFile.Choose(entry.KubeConfig, entry.Context));
            return null;
        }
        catch (KubeConfigException e)
        {
            return e.Message;
        }
    }

    private static IEnumerable<string> Remote(string at, string kind, ClusterEntry entry)
    {
        if (!Uri.TryCreate(entry.Server, UriKind.Absolute, out var server) || server.Scheme != Uri.UriSchemeHttps)
        {
            yield return $"{at}:Server: '{entry.Server}' is no https address; write the API server's, as `kubectl cluster-info` prints it.";
        }

        if (entry.CertificateAuthorityData is { Length: > 0 } data ? TryReadAuthority(data) is null : kind == ClusterKinds.Aks)
        {
            yield return $"{at}:CertificateAuthorityData: there is no certificate in it; copy certificate-authority-data from the cluster's kubeconfig (PEM in base64).";
        }

        var credentials = ClusterKinds.Credentials(kind);
        if (entry.Credential is { } credential && !credentials.Contains(credential))
        {
            yield return $"{at}:Credential: '{credential}' is no credential of kind {kind}; write one of {string.Join(", ", credentials)}.";
        }

        if (entry.CredentialFile is null)
        {
            if (kind == ClusterKinds.Gke && entry.Credential == ClusterKinds.ServiceAccount)
            {
                yield return $"{at}:CredentialFile: serviceAccount needs the account's key file; name it, or use applicationDefault.";
            }
        }
        else if (kind == ClusterKinds.Gke && !File.Exists(entry.CredentialFile))
        {
            yield return $"{at}:CredentialFile: there is no file {entry.CredentialFile}; name one that CaptureFlow can read.";
        }
        else if (kind == ClusterKinds.Gke && entry.Credential is null or ClusterKinds.ApplicationDefault)
        {
            yield return $"{at}:CredentialFile: applicationDefault takes its file from GOOGLE_APPLICATION_CREDENTIALS; set Credential to serviceAccount or workloadIdentity, or remove it.";
        }
    }
}
