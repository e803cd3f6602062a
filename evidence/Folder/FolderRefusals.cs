using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>What the file system's refusals mean.</summary>
internal static class FolderRefusals
{
    // .NET gives the errno as the HResult on Unix; the two large ones are Windows' disk-full codes.
    private const int NoSpaceLeft = 28;
    private const int FileTooLarge = 27;
    private const int ReadOnlyFileSystem = 30;
    private const int OverQuotaOfLinux = 122;
    private const int OverQuotaOfMac = 69;
    private const int DiskFullOfWindows = unchecked((int)0x80070070);
    private const int HandleDiskFullOfWindows = unchecked((int)0x80070027);

    /// <summary>Whether an exception is the file system's, to be given to <see cref="Translate"/>.</summary>
    public static bool IsOurs(Exception exception) => exception is IOException or UnauthorizedAccessException;

    /// <summary>A refusal that a user has to mend, or a step that is worth repeating.</summary>
    public static Exception Translate(Exception exception, string root) => exception switch
    {
        UnauthorizedAccessException or IOException { HResult: ReadOnlyFileSystem } => new StoreRefusedException(
            new(
                FaultCodes.StoreRefused,
                "The capture folder may not be written.",
                $"Let the user that runs CaptureFlow write in {root}, or set {FolderStoreOptions.Section}:Folder to a folder where it may. What is staged is kept.",
                Detail: exception.Message),
            exception),
        IOException { HResult: NoSpaceLeft or FileTooLarge or OverQuotaOfLinux or OverQuotaOfMac or DiskFullOfWindows or HandleDiskFullOfWindows } => new StoreRefusedException(
            new(
                FaultCodes.StoreRefused,
                "The capture folder's disk is full.",
                $"Free space at {root}, or set {FolderStoreOptions.Section}:Folder to a larger disk. What is staged is kept.",
                Detail: exception.Message),
            exception),
        _ => new StepUnavailableException($"The capture folder did not work: {exception.Message}", exception),
    };
}
