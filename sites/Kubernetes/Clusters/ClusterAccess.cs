using System.Net;
using k8s;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>How a cluster is spoken to, and as whom.</summary>
/// <param name="Configuration">The client's own configuration: server, authority, credentials.</param>
/// <param name="Proxy">The way to the server; null for the one that the environment names, or none.</param>
/// <param name="Impersonation">Headers of every request of CaptureFlow's own identity.</param>
internal sealed record ClusterAccess(
    KubernetesClientConfiguration Configuration, IWebProxy? Proxy = null, IReadOnlyList<KeyValuePair<string, string>>? Impersonation = null);
