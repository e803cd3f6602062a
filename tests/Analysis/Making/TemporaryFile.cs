namespace CaptureFlow.Analysis.Tests;

/// <summary>A file on disk, for the programs that read nothing else.</summary>
internal sealed class TemporaryFile : IDisposable
{
    public TemporaryFile(byte[] bytes) => File.WriteAllBytes(FullName, bytes);

    public string FullName { get; } = Path.Combine(Path.GetTempPath(), $"captureflow-triage-{Guid.NewGuid():n}.pcap");

    public void Dispose() => File.Delete(FullName);
}
