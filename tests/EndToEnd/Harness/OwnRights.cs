using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Harness;

/// <summary>CaptureFlow's own rights on a cluster, from the manifests that a user applies; and its identity, minted through TokenRequest.</summary>
internal sealed class OwnRights(Kubernetes admin)
{
    public const string NodesNamespace = "captureflow-nodes";
    private const string Own = "captureflow";

    private static readonly string Manifests = Path.Combine(AppContext.BaseDirectory, "infra", "kubernetes");

    /// <summary>The base, and the allow-list for one namespace. What is there already stays, but that its roles get the rules of today.</summary>
    public async Task ApplyAsync(string @namespace)
    {
        foreach (var file in (string[])["base/identity.yaml", "base/capture-role.yaml", "base/self-role.yaml", "namespaced/binding.yaml"])
        {
            foreach (var item in await KubernetesYaml.LoadAllFromFileAsync(Path.Combine(Manifests, file)))
            {
                await CreateIfAbsentAsync(item, @namespace);
            }
        }
    }

    /// <summary>What captures on nodes need beside that.</summary>
    public async Task ApplyNodesAsync()
    {
        foreach (var file in (string[])["node/namespace.yaml", "node/capture-role.yaml", "node/self-role.yaml"])
        {
            foreach (var item in await KubernetesYaml.LoadAllFromFileAsync(Path.Combine(Manifests, file)))
            {
                await CreateIfAbsentAsync(item, NodesNamespace);
            }
        }
    }

    /// <summary>Takes that away again: other tests compare CaptureFlow's rights with the base alone.</summary>
    public async Task RemoveNodesAsync()
    {
        await admin.RbacAuthorizationV1.DeleteClusterRoleBindingAsync("captureflow-node-reading");
        await admin.CoreV1.DeleteNamespaceAsync(NodesNamespace);
    }

    /// <summary>A kubeconfig with an hour's token of CaptureFlow's own service account.</summary>
    public async Task<string> MintKubeconfigAsync(KubernetesClientConfiguration cluster)
    {
        var request = new Authenticationv1TokenRequest { Spec = new() { Audiences = [], ExpirationSeconds = 3600 } };
        var token = await admin.CoreV1.CreateNamespacedServiceAccountTokenAsync(request, Own, Own);
        var authority = string.Join('\n', cluster.SslCaCerts.Select(c => c.ExportCertificatePem()));
        return $$$"""
            apiVersion: v1
            kind: Config
            clusters: [{name: e2e, cluster: {server: "{{{cluster.Host}}}", certificate-authority-data: "{{{Convert.ToBase64String(Encoding.ASCII.GetBytes(authority))}}}"}}]
            users: [{name: captureflow, user: {token: "{{{token.Status.Token}}}"}}]
            contexts: [{name: e2e, context: {cluster: e2e, user: captureflow}}]
            current-context: e2e
            """;
    }

    private async Task CreateIfAbsentAsync(object item, string @namespace)
    {
        try
        {
            await CreateAsync(item, @namespace);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == System.Net.HttpStatusCode.Conflict)
        {
            // An earlier version's role may be there; what is granted must be what the manifests say today.
            await (item switch
            {
                V1ClusterRole role => admin.RbacAuthorizationV1.ReplaceClusterRoleAsync(role, role.Metadata.Name),
                V1Role role => admin.RbacAuthorizationV1.ReplaceNamespacedRoleAsync(role, role.Metadata.Name, role.Metadata.NamespaceProperty),
                _ => Task.CompletedTask,
            });
        }
    }

    private Task CreateAsync(object item, string @namespace) => item switch
    {
        V1Namespace it => admin.CoreV1.CreateNamespaceAsync(it),
        V1ServiceAccount it => admin.CoreV1.CreateNamespacedServiceAccountAsync(it, it.Metadata.NamespaceProperty),
        V1ClusterRole it => admin.RbacAuthorizationV1.CreateClusterRoleAsync(it),
        V1ClusterRoleBinding it => admin.RbacAuthorizationV1.CreateClusterRoleBindingAsync(it),
        V1Role it => admin.RbacAuthorizationV1.CreateNamespacedRoleAsync(it, it.Metadata.NamespaceProperty),
        V1RoleBinding it => admin.RbacAuthorizationV1.CreateNamespacedRoleBindingAsync(it, it.Metadata.NamespaceProperty ?? @namespace),
        _ => throw new NotSupportedException($"A manifest has a {item.GetType().Name}."),
    };
}
