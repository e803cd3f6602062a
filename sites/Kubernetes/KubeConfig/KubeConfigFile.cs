using k8s.Exceptions;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Reads kubeconfig files as kubectl does: the file that is named, or those of KUBECONFIG merged, or the one in the home folder. The client library's own
/// reader drops what it does not know, impersonation and proxies among it, and would then act as somebody else, or past the proxy.
/// </summary>
internal static class KubeConfigFile
{
    /// <summary>The cluster and the user of a context. Runs no credential plugin and reads no certificate.</summary>
    /// <param name="files">One file, or several separated as in KUBECONFIG; null for what kubectl would use.</param>
    /// <param name="context">Null for the current one.</param>
    /// <exception cref="KubeConfigException">It cannot be used; says why.</exception>
    public static KubeConfigChoice Choose(string? files, string? context)
    {
        var paths = Files(files);
        var merged = Merge(paths);
        var wanted = context ?? merged.CurrentContext;
        if (string.IsNullOrEmpty(wanted))
        {
            throw new KubeConfigException($"{Say(paths)}: no current context, and none is named; it has {Names(merged)}");
        }

        var pair = merged.Contexts!.Find(item => item.Name == wanted)
            ?? throw new KubeConfigException($"{Say(paths)}: there is no context '{wanted}'; it has {Names(merged)}");
        var cluster = merged.Clusters!.Find(item => item.Name == pair.Context?.Cluster)?.Cluster
            ?? throw new KubeConfigException($"{Say(paths)}: context '{wanted}' names the cluster '{pair.Context?.Cluster}', which there is not");
        var user = string.IsNullOrEmpty(pair.Context?.User) ? new KubeConfigUser() : merged.Users!.Find(item => item.Name == pair.Context.User)?.User
            ?? throw new KubeConfigException($"{Say(paths)}: context '{wanted}' names the user '{pair.Context.User}', which there is not");
        return new(Say(paths), pair.Context!.Cluster!, cluster, user);
    }

    /// <summary>Whether there is any file to read when none is named.</summary>
    public static bool AnyByDefault() => Files(null).Any(File.Exists);

    /// <summary>The files that are meant.</summary>
    public static IReadOnlyList<string> Files(string? files)
    {
        var named = files ?? Environment.GetEnvironmentVariable("KUBECONFIG");
        return string.IsNullOrEmpty(named)
            ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config")]
            : File.Exists(named) ? [named] : named.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
    }

    // The first file that names a context, cluster or user has it whole; nothing is added to it from a later one.
    private static KubeConfigDocument Merge(IReadOnlyList<string> paths)
    {
        List<KubeConfigDocument> read = [.. paths.Where(File.Exists).Select(Read)];
        if (read.Count == 0)
        {
            throw new KubeConfigException($"there is no file {Say(paths)}");
        }

        return new KubeConfigDocument
        {
            CurrentContext = read.Select(r => r.CurrentContext).FirstOrDefault(c => !string.IsNullOrEmpty(c)),
            Contexts = [.. read.SelectMany(r => r.Contexts ?? []).DistinctBy(c => c.Name)],
            Clusters = [.. read.SelectMany(r => r.Clusters ?? []).DistinctBy(c => c.Name)],
            Users = [.. read.SelectMany(r => r.Users ?? []).DistinctBy(u => u.Name)],
        };
    }

    private static KubeConfigDocument Read(string path)
    {
        KubeConfigDocument read;
        try
        {
            using var text = File.OpenText(path);
            read = new DeserializerBuilder().WithNamingConvention(HyphenatedNamingConvention.Instance).IgnoreUnmatchedProperties().Build()
                .Deserialize<KubeConfigDocument?>(text) ?? new();
        }
        catch (Exception e) when (e is YamlException or IOException or UnauthorizedAccessException)
        {
            // Without the reader's own words about a value: it might be a token.
            throw new KubeConfigException(e is YamlException yaml ? $"{path}, line {yaml.Start.Line}: this is not the YAML of a kubeconfig" : $"{path}: {e.Message}", e);
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        foreach (var cluster in (read.Clusters ?? []).Select(item => item.Cluster).OfType<KubeConfigCluster>())
        {
            cluster.CertificateAuthority = Absolute(folder, cluster.CertificateAuthority);
        }

        foreach (var user in (read.Users ?? []).Select(item => item.User).OfType<KubeConfigUser>())
        {
            user.ClientCertificate = Absolute(folder, user.ClientCertificate);
            user.ClientKey = Absolute(folder, user.ClientKey);
            user.TokenFile = Absolute(folder, user.TokenFile);
            if (user.Exec is { Command: { } command } plugin && command.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal))
            {
                plugin.Command = Absolute(folder, command);
            }
        }

        return read;
    }

    private static string? Absolute(string folder, string? path) => string.IsNullOrEmpty(path) ? path : Path.Combine(folder, path);

    private static string Say(IReadOnlyList<string> paths) => string.Join(", ", paths);

    private static string Names(KubeConfigDocument merged) =>
        merged.Contexts!.Count > 0 ? string.Join(", ", merged.Contexts.Select(c => c.Name)) : "none";
}
