using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>A lock between processes: an empty file, held open. It ends with its process, and the file is never removed.</summary>
internal static class FolderLock
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <exception cref="StepUnavailableException">Somebody held it for 10 seconds.</exception>
    public static async Task<FileStream> TakeAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (true)
        {
            try
            {
                return OwnedFiles.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held is not (FileNotFoundException or DirectoryNotFoundException))
            {
                if (time.GetElapsedTime(started) > LongestWait)
                {
                    throw new StepUnavailableException($"The lock {path} was not given free.", held);
                }
            }

            await Task.Delay(Look, time, cancellationToken);
        }
    }
}
