using CaptureFlow.Sandbox.Node;

namespace CaptureFlow.Sandbox;

/// <summary>What the machine must offer.</summary>
public static class Requirements
{
    private static readonly string[] Tools = ["setsid", "unshare", "nsenter", "setpriv", "mount", "ip", "sh"];

    /// <summary>One sentence that says what is missing and how to get it, or null when nothing is.</summary>
    public static string? Fault()
    {
        if (!OperatingSystem.IsLinux())
        {
            return "The sandbox cluster needs Linux: its containers are namespaces.";
        }

        if (!Environment.IsPrivilegedProcess)
        {
            return "The sandbox cluster needs root to make network namespaces: run it with sudo.";
        }

        var missing = Tools
            .Where(tool => !Spawn.SystemPath.Split(':').Any(folder => File.Exists(Path.Combine(folder, tool))))
            .ToList();
        return missing.Count == 0
            ? null
            : $"The sandbox cluster needs {string.Join(", ", missing)}: install util-linux and iproute2.";
    }
}
