using System.Globalization;

namespace CaptureFlow.Local.Hosting;

/// <summary>The folder with everything that a local host keeps. One host at a time: a second one would run the same instances again.</summary>
internal sealed class StateFolder : IDisposable
{
    private const string LockName = "host.lock";
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held)
    {
        Path = path;
        _lock = held;
    }

    public string Path { get; }

    /// <summary>Makes the folder where it is missing, readable by this user alone, and holds it until disposed or until the process ends.</summary>
    /// <exception cref="HostRefusedException">Another host holds it, or it cannot be written.</exception>
    public static StateFolder Hold(string folder)
    {
        var path = System.IO.Path.GetFullPath(folder);
        try
        {
            PrivateFiles.MakeFolder(path);
            return new(path, Lock(path));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new HostRefusedException($"The state folder '{path}' cannot be written: {e.Message}", "Choose another one with --state.");
        }
    }

    /// <summary>Whether a host holds it at this moment; also when that cannot be found out.</summary>
    public static bool IsHeld(string folder)
    {
        try
        {
            using var free = new FileStream(System.IO.Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return true;
        }
    }

    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path)
    {
        var file = System.IO.Path.Combine(path, LockName);
        try
        {
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            held.SetLength(0);
            held.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            held.Flush();
            return held;
        }
        catch (IOException e)
        {
            throw new HostRefusedException(
                $"The state folder '{path}' is in use by another local host, or cannot be written: {e.Message}", "Stop that host, or choose another folder with --state.");
        }
    }
}
