namespace CaptureFlow.Local.Tests.Durable;

/// <summary>A folder of one test's own.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("captureflow-engine-").FullName;

    public string Database => System.IO.Path.Combine(Path, "state", "durable.db");

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
