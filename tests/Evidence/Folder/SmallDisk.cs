using System.Diagnostics;

namespace CaptureFlow.Evidence.Tests;

/// <summary>
/// A disk of 2 MiB: a tmpfs in the mount namespace of a process that the test keeps, reached through that process's root. Nothing is mounted
/// for anybody else, and the disk goes with the process.
/// </summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly Process _keeper;

    private SmallDisk(Process keeper, string mountPoint)
    {
        _keeper = keeper;
        Folder = $"/proc/{keeper.Id}/root{mountPoint}/captures";
        Directory.CreateDirectory(Folder);
    }

    public string Folder { get; }

    /// <summary>Skips the test where there cannot be one.</summary>
    public static async Task<SmallDisk> MountAsync(string emptyFolder)
    {
        Needs.Root();
        Needs.Packages("util-linux", "mount");
        const string Script = "mount -t tmpfs -o size=2m none \"$1\" && echo mounted && read -r end";
        var start = new ProcessStartInfo("unshare", ["--mount", "sh", "-c", Script, "sh", emptyFolder]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        var keeper = Process.Start(start)!;
        var answer = await keeper.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(20));
        if (answer != "mounted")
        {
            keeper.Dispose();
            Assert.Fail("Even root cannot mount a tmpfs in a mount namespace here.");
        }

        return new(keeper, emptyFolder);
    }

    public void Dispose()
    {
        // Its read ends, and so it does; killed only if it does not.
        _keeper.StandardInput.Close();
        if (!_keeper.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _keeper.Kill(entireProcessTree: true);
        }

        _keeper.Dispose();
    }
}
