namespace CaptureFlow.Functions.Tests;

/// <summary>Files of this repository that the tests read.</summary>
internal static class Repository
{
    public static string Path(params string[] parts)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "CaptureFlow.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CaptureFlow.sln is in no folder above the tests.");
        }

        return System.IO.Path.Combine([folder.FullName, .. parts]);
    }
}
