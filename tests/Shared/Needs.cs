namespace CaptureFlow.Tests;

/// <summary>
/// The one place that skips a test: for want of root, of a cluster, or of a Debian package on the list tests/debian-packages.tsv. The reason
/// says which.
/// </summary>
internal static class Needs
{
    private static readonly Lazy<IReadOnlyDictionary<string, string[]>> Listed = new(ReadList);

    /// <summary>Skips the calling test unless it runs as root, who alone can make network and mount namespaces.</summary>
    public static void Root() => Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root: it makes network or mount namespaces");

    /// <summary>Skips the calling test unless all of these environment variables, which describe a cluster, are set.</summary>
    public static void Cluster(params string[] variables) =>
        Assert.SkipUnless(HasCluster(variables), $"needs a cluster: set {string.Join(" and ", variables)}");

    /// <summary>Whether all of these environment variables are set; 0 counts as not set.</summary>
    public static bool HasCluster(params string[] variables) =>
        variables.All(variable => Environment.GetEnvironmentVariable(variable) is not (null or "" or "0"));

    /// <summary>The program kubectl; skips the calling test where there is none. Debian's is too old, so it is not on the list of packages.</summary>
    public static string Kubectl()
    {
        var named = Environment.GetEnvironmentVariable("CAPTUREFLOW_KUBECTL");
        var program = File.Exists(named) ? named : Find("kubectl");
        Assert.SkipUnless(program is not null, "needs a cluster's kubectl: on the PATH, or named by CAPTUREFLOW_KUBECTL");
        return program;
    }

    /// <summary>Skips the calling test unless the programs of these packages are there.</summary>
    /// <exception cref="ArgumentException">A package is not on the list.</exception>
    public static void Packages(params string[] packages)
    {
        foreach (var package in packages)
        {
            var programs = Listed.Value.GetValueOrDefault(package)
                ?? throw new ArgumentException($"{package} is not listed in tests/debian-packages.tsv.", nameof(packages));
            var missing = programs.FirstOrDefault(program => Find(program) is null);
            Assert.SkipWhen(missing is not null, $"needs {missing} (Debian package {package})");
        }
    }

    /// <summary>Skips the calling test unless a file is there that a program of a package installs.</summary>
    public static void InstalledBy(string package, string file, string how)
    {
        Packages(package);
        Assert.SkipUnless(File.Exists(file), $"needs {how} (with the Debian package {package})");
    }

    /// <summary>Where a program is; null when it is nowhere.</summary>
    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);

    private static Dictionary<string, string[]> ReadList()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return File.ReadLines(Path.Combine(folder.FullName, "tests", "debian-packages.tsv"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split('\t'))
            .ToDictionary(columns => columns[0], columns => columns[1].Split(','));
    }
}
