namespace CaptureFlow.Local.Durable.Storage;

/// <summary>
/// Keeps a second host off a file that one host owns. The operating system holds the lock and drops it with the process, however that
/// ends, so a lock is never stale.
/// </summary>
internal sealed class FolderLock : IDisposable
{
    private readonly FileStream _file;

    private FolderLock(FileStream file) => _file = file;

    /// <exception cref="InvalidOperationException">Another host has it.</exception>
    public static FolderLock Take(string databasePath)
    {
        var path = databasePath + ".lock";
        try
        {
            return new FolderLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException exception)
        {
            throw new InvalidOperationException(
                $"Another host runs on {databasePath}, as the lock on {path} says. Stop it, or give this one a folder of its own.", exception);
        }
    }

    public void Dispose() => _file.Dispose();
}
