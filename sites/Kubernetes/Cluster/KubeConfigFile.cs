using k8s;
using k8s.Exceptions;
using k8s.KubeConfigModels;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Reads kubeconfig files as kubectl does: the file that is named, or those of KUBECONFIG merged, or the one in the home folder. The client
/// library merges too, but cannot bear a missing file, and takes all relative paths as the first file's.
/// </summary>
public static class KubeConfigFile
{
    /// <summary>The client's configuration for a context.</summary>
    /// <param name="files">One file, or several separated as in KUBECONFIG; null for what kubectl would use.</param>
    /// <param name="context">Null for the current one.</param>
    /// <exception cref="KubeConfigException">It cannot be used; says why.</exception>
    public static KubernetesClientConfiguration Load(string? files, string? context)
    {
        var chosen = Choose(files, context);
        try
        {
            return KubernetesClientConfiguration.BuildConfigFromConfigObject(chosen);
        }
        catch (Exception e) when (e is not KubeConfigException)
        {
            // A boundary: beside its own exception the library throws whatever its parsers do, down to plain Exception.
            throw new KubeConfigException($"{Say(Files(files))}: {e.Message}", e);
        }
    }

    /// <summary>Throws as <see cref="Load"/> does, but runs no credential plugin and reads no certificate.</summary>
    internal static void Check(string? files, string? context) => Choose(files, context);

    /// <summary>Whether there is any file to read when none is named.</summary>
    internal static bool AnyByDefault() => Files(null).Any(File.Exists);

    /// <summary>
    /// The files that are meant. The library reads KUBECONFIG once, when its assembly is loaded; a host that sets it later must be heard too.
    /// </summary>
    internal static IReadOnlyList<string> Files(string? files)
    {
        var named = files ?? Environment.GetEnvironmentVariable("KUBECONFIG");
        return string.IsNullOrEmpty(named)
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")]
            : File.Exists(named) ? [named] : named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
    }

    private static K8SConfiguration Choose(string? files, string? context)
    {
        var paths = Files(files);
        var merged = Merge(paths);
        var wanted = context ?? merged.CurrentContext;
        if (string.IsNullOrEmpty(wanted))
        {
            throw new KubeConfigException($"{Say(paths)}: no current context, and none is named; it has {Names(merged)}");
        }

        // Left with one context, one cluster and one user: the library would find names regardless of case.
        var chosen = merged.Contexts.FirstOrDefault(c => c.Name == wanted)
            ?? throw new KubeConfigException($"{Say(paths)}: there is no context '{wanted}'; it has {Names(merged)}");
        merged.CurrentContext = wanted;
        merged.Contexts = [chosen];
        merged.Clusters = [.. merged.Clusters.Where(c => c.Name == chosen.ContextDetails?.Cluster)];
        merged.Users = [.. merged.Users.Where(u => u.Name == chosen.ContextDetails?.User)];
        return merged;
    }

    // The first file that names a context, cluster or user has it whole; nothing is added to it from a later one.
    private static K8SConfiguration Merge(IReadOnlyList<string> paths)
    {
        List<K8SConfiguration> read = [.. paths.Where(File.Exists).Select(Read)];
        if (read.Count == 0)
        {
            throw new KubeConfigException($"there is no file {Say(paths)}");
        }

        return new K8SConfiguration
        {
            CurrentContext = read.Select(r => r.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c)),
            Contexts = [.. read.SelectMany(r => r.Contexts ?? []).DistinctBy(c => c.Name)],
            Clusters = [.. read.SelectMany(r => r.Clusters ?? []).DistinctBy(c => c.Name)],
            Users = [.. read.SelectMany(r => r.Users ?? []).DistinctBy(u => u.Name)],
        };
    }

    private static K8SConfiguration Read(string path)
    {
        K8SConfiguration read;
        try
        {
            read = KubernetesClientConfiguration.LoadKubeConfig(new FileInfo(path)) ?? new();
        }
        catch (Exception e) when (e is not KubeConfigException)
        {
            // A boundary, as above: an unreadable file, or no YAML.
            throw new KubeConfigException($"{path}: {e.Message}", e);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var endpoint in (read.Clusters ?? []).Select(c => c.ClusterEndpoint).OfType<ClusterEndpoint>())
        {
            endpoint.CertificateAuthority = Absolute(folder, endpoint.CertificateAuthority);
        }

        foreach (var user in (read.Users ?? []).Select(u => u.UserCredentials).OfType<UserCredentials>())
        {
            user.ClientCertificate = Absolute(folder, user.ClientCertificate);
            user.ClientKey = Absolute(folder, user.ClientKey);
            if (user.ExternalExecution is { } plugin && plugin.Command?.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) == true)
            {
                plugin.Command = Absolute(folder, plugin.Command);
            }
        }

        return read;
    }

    private static string? Absolute(string folder, string? path) => string.IsNullOrEmpty(path) ? path : Path.Combine(folder, path);

    private static string Say(IReadOnlyList<string> paths) => string.Join(", ", paths);

    private static string Names(K8SConfiguration merged) =>
        merged.Contexts.Any() ? string.Join(", ", merged.Contexts.Select(c => c.Name)) : "none";
}
