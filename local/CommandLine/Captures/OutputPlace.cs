namespace CaptureFlow.Local.CommandLine;

/// <summary>Whether a file can be brought to where the user wants it, looked at before anything is ordered: the traffic of an incident is not there twice.</summary>
internal static class OutputPlace
{
    /// <summary>Why nothing can be written there; null when it can. Leaves nothing behind.</summary>
    public static string? Problem(string folder)
    {
        var there = Existing(folder);
        try
        {
            var probe = Path.Combine(there, $".captureflow-{Guid.NewGuid():N}");
            using var file = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"Nothing can be written to '{there}': {e.Message} Choose another place with -o.";
        }
    }

    /// <summary>A sentence when the largest file that the capture may become does not fit there; null when it does, or when the system does not say.</summary>
    public static string? Warning(string folder, long largest)
    {
        var there = Existing(folder);
        try
        {
            var free = new DriveInfo(there).AvailableFreeSpace;
            return free < largest
                ? $"'{there}' has {Wording.Of(free)} free, and the file may become {Wording.Of(largest)}. If it does not fit, it is kept, and captureflow download brings it."
                : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    // What is not there yet is made in the last folder that is.
    private static string Existing(string folder)
    {
        var there = Path.GetFullPath(folder.Length == 0 ? "." : folder);
        while (!Directory.Exists(there) && Path.GetDirectoryName(there) is { } above)
        {
            there = above;
        }

        return there;
    }
}
