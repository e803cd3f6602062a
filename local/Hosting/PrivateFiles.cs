namespace CaptureFlow.Local.Hosting;

/// <summary>Files and folders that only this user may read, from their first byte on: packets are in them, and what speaks of them.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode Folder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode File = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Makes a folder where it is missing; one that is there stays as it is.</summary>
    public static void MakeFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, Folder);
        }
    }

    /// <summary>Opens a file to write it, anew or at its end.</summary>
    public static FileStream Write(string path, FileMode mode = FileMode.Create)
    {
        FileStreamOptions options = new() { Mode = mode, Access = FileAccess.Write, Share = mode == FileMode.Append ? FileShare.Read : FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = File;
        }

        return new(path, options);
    }

    /// <summary>Puts a text in the place of the one before, whole or not at all.</summary>
    public static async Task ReplaceTextAsync(string path, string text, CancellationToken cancellationToken)
    {
        await WriteTextAsync(path + ".new", text, cancellationToken);
        System.IO.File.Move(path + ".new", path, overwrite: true);
    }

    public static async Task WriteTextAsync(string path, string text, CancellationToken cancellationToken)
    {
        await using StreamWriter file = new(Write(path));
        await file.WriteAsync(text.AsMemory(), cancellationToken);
    }
}
