using System.Security.Cryptography;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Where the command line keeps state when nobody says where.</summary>
internal static class StateHome
{
    /// <summary><c>$XDG_STATE_HOME/captureflow</c>, <c>~/.local/state/captureflow</c>, or a folder for temporary files where there is no home.</summary>
    public static string Path
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } set && System.IO.Path.IsPathRooted(set)
                ? set
                : home.Length > 0 ? System.IO.Path.Combine(home, ".local", "state") : System.IO.Path.GetTempPath();
            return System.IO.Path.Combine(state, "captureflow");
        }
    }

    /// <summary>A folder for one run; nobody else has its name.</summary>
    public static string NewRun() => System.IO.Path.Combine(Path, "runs", Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)));
}
