namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Which kubeconfig file is meant when none is named.</summary>
public static class KubeConfigFile
{
    /// <summary>
    /// The first file of KUBECONFIG, or null for kubectl's own default. The library reads the variable once, when its assembly is loaded; a
    /// host that sets it later must be heard too.
    /// </summary>
    public static string? Default() =>
        Environment.GetEnvironmentVariable("KUBECONFIG")?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault();
}
