using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace CaptureFlow.Evidence;

/// <summary>Makes files and names in folders survive a crash. .NET can flush a file, but has no call for a folder.</summary>
internal static partial class FileSync
{
    private const int ReadOnly = 0;
    private const int CloseOnExecOfLinux = 0x80000;
    private const int InvalidArgument = 22;
    private const uint StartWriting = 2;

    /// <summary>Flushes a file; off the caller's thread, since a disk may take seconds.</summary>
    public static Task FileAsync(FileStream file) => Task.Run(() => RandomAccess.FlushToDisk(file.SafeFileHandle));

    /// <summary>
    /// Has the kernel begin to write a part of a file, and waits for nothing: the flush that comes later finds little left to do. A hint; where
    /// there is no such call, or it is refused, nothing is lost but time.
    /// </summary>
    public static void Begin(FileStream file, long offset, long length)
    {
        if (OperatingSystem.IsLinux())
        {
            _ = BeginWrite(file.SafeFileHandle, offset, length, StartWriting);
        }
    }

    /// <summary>Flushes the names in a folder. Does nothing on Windows, whose file systems journal names by themselves.</summary>
    public static void Folder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var folder = Open(path, ReadOnly | (OperatingSystem.IsLinux() ? CloseOnExecOfLinux : 0));
        if (folder < 0)
        {
            throw Failure(path);
        }

        try
        {
            // Some network file systems know no flush of a folder and say so; there is nothing more to ask of them.
            if (Flush(folder) != 0 && Marshal.GetLastPInvokeError() != InvalidArgument)
            {
                throw Failure(path);
            }
        }
        finally
        {
            _ = Close(folder);
        }
    }

    private static IOException Failure(string path) =>
        new($"{Marshal.GetLastPInvokeErrorMessage()}: '{path}'", Marshal.GetLastPInvokeError());

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int BeginWrite(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Flush(int file);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);
}
