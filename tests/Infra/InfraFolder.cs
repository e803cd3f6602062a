namespace CaptureFlow.Infra.Tests;

/// <summary>Where the files under test are.</summary>
internal static class InfraFolder
{
    /// <summary>Where the solution is.</summary>
    public static string Root { get; } = FindRoot();

    public static string Bicep { get; } = Path.Combine(Root, "infra", "bicep");

    /// <summary>What is published as host.json, by the backend of the orchestrations.</summary>
    public static IReadOnlyList<string> HostFiles { get; } = ["host.json", "host.scheduler.json"];

    /// <summary>The files that are deployed; the others are their modules.</summary>
    public static IReadOnlyList<string> Roots => ["main.bicep", .. Files("bicep").Where(file => file.StartsWith("examples", StringComparison.Ordinal))];

    /// <summary>Every file with an ending, relative to the folder, in a fixed order.</summary>
    public static IReadOnlyList<string> Files(string extension) =>
        [.. Directory.EnumerateFiles(Bicep, $"*.{extension}", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Bicep, file)).Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return folder.FullName;
    }
}
