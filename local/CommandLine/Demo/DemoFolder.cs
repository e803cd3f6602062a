using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>The demo's temporary folder. Held while the demo lives, so that the next demo can tell one that was killed and left its folder.</summary>
internal sealed class DemoFolder : IDisposable
{
    private const string Prefix = "captureflow-demo-";

    /// <summary>Younger folders are left alone: theirs may not be held yet.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private readonly StateFolder _held;

    private DemoFolder(StateFolder held) => _held = held;

    public string Path => _held.Path;

    /// <summary>Makes one, and removes those of demos that were killed.</summary>
    public static DemoFolder Create(TimeProvider time)
    {
        var made = StateFolder.Hold(Directory.CreateTempSubdirectory(Prefix).FullName);
        foreach (var other in Directory.EnumerateDirectories(System.IO.Path.GetTempPath(), Prefix + "*"))
        {
            if (other != made.Path && time.GetUtcNow() - Directory.GetLastWriteTimeUtc(other) > Settled)
            {
                TryRemove(other);
            }
        }

        return new(made);
    }

    public void Dispose()
    {
        Directory.Delete(Path, recursive: true);
        _held.Dispose();
    }

    private static void TryRemove(string folder)
    {
        try
        {
            using (StateFolder.Hold(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        catch (Exception e) when (e is HostRefusedException or IOException or UnauthorizedAccessException)
        {
            // Another demo holds it, or another user owns it.
        }
    }
}
