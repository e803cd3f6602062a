using System.Security.Cryptography;
using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Where the command line keeps state when nobody says where.</summary>
internal static class StateHome
{
    private const string Name = "captureflow";

    /// <summary><c>$XDG_STATE_HOME/captureflow</c>, <c>~/.local/state/captureflow</c>, or a folder for temporary files where there is no home.</summary>
    /// <exception cref="HostRefusedException">The folder among the temporary ones is somebody else's.</exception>
    public static string Path
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            return Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && System.IO.Path.IsPathRooted(set)
                ? System.IO.Path.Combine(set, Name)
                : home.Length > 0 ? System.IO.Path.Combine(home, ".local", "state", Name) : AmongTemporary(System.IO.Path.GetTempPath());
        }
    }

    /// <summary>A folder for one run; nobody else has its name.</summary>
    public static string NewRun() => System.IO.Path.Combine(Path, "runs", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));

    /// <summary>
    /// Makes the folder where everybody may make one, and takes it only when it is this user's own: whoever has made it first could read what is put
    /// there, and have the settings that they put there read.
    /// </summary>
    /// <exception cref="HostRefusedException">It is somebody else's, or others may write it.</exception>
    internal static string AmongTemporary(string temporary)
    {
        var path = System.IO.Path.Combine(temporary, Name);
        const string remedy = "Set HOME or XDG_STATE_HOME to a folder of your own, or have that one removed.";
        try
        {
            PrivateFiles.MakeFolder(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostRefusedException($"There is no home, and the folder {path} cannot be made: {e.Message}", remedy);
        }

        var why = new DirectoryInfo(path).LinkTarget is not null ? "is a link to elsewhere" : Ownership.WhyNotOwn(path);
        return why is null
            ? path
            : throw new HostRefusedException($"There is no home, and the folder {path} {why}: whoever can write it can have programs run as you.", remedy);
    }
}
