using k8s.Exceptions;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A client for a kubeconfig's context, which means what kubectl makes of it, for whoever needs a cluster beside the capture's own steps.</summary>
public static class KubeConfigClient
{
    /// <param name="files">One file, or several separated as in KUBECONFIG; null for what kubectl would use.</param>
    /// <param name="context">Null for the current one.</param>
    /// <param name="time">For the lives of tokens.</param>
    /// <param name="logger">Is told when a credential plugin fails later on.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="KubeConfigException">It cannot be used; says why.</exception>
    public static k8s.Kubernetes Open(string? files, string? context, TimeProvider time, ILogger logger) =>
        ClusterConnection.Open(KubeConfigAccess.Of(KubeConfigFile.Choose(files, context), time, logger));
}
