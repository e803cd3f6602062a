namespace CaptureFlow.Evidence;

/// <summary>Files and folders that only CaptureFlow's own user can read: captures may hold anybody's traffic.</summary>
internal static class OwnedFiles
{
    private const UnixFileMode FileMode0600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode0700 = FileMode0600 | UnixFileMode.UserExecute;

    /// <summary>Makes a folder and those above it, and makes their names survive a crash, down from <paramref name="root"/>.</summary>
    public static void EnsureFolder(string root, string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var parent = Path.GetDirectoryName(path);
        if (path != root && parent is not null)
        {
            EnsureFolder(root, parent);
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, FolderMode0700);
        }

        if (path != root && parent is not null)
        {
            FileSync.Folder(parent);
        }
    }

    public static FileStream Open(string path, FileMode mode, FileAccess access, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = mode,
            Access = access,
            Share = share,
            BufferSize = 0,
            Options = FileOptions.Asynchronous,
        };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode0600;
        }

        return new(path, options);
    }

    /// <summary>
    /// Writes a small file whole or not at all: under another name, flushed, renamed. The other name is fixed, so that a run that was killed
    /// leaves nothing that the next one does not overwrite; the caller sees to it that it is the only one.
    /// </summary>
    public static async Task WriteAtomicallyAsync(string path, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var draft = path + ".new";
        await using (var file = Open(draft, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await file.WriteAsync(content, cancellationToken);
            await FileSync.FileAsync(file);
        }

        File.Move(draft, path, overwrite: true);
        FileSync.Folder(Path.GetDirectoryName(path)!);
    }
}
