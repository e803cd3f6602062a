using System.Runtime.InteropServices;

namespace CaptureFlow.Local.Hosting;

/// <summary>Whose a file or a folder is.</summary>
internal static partial class Ownership
{
    private const UnixFileMode OfOthers = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

    /// <summary>Null for one that this user or root owns and nobody else may write; else what it is instead, to follow its name in a sentence.</summary>
    public static string? WhyNotOwn(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        if ((File.GetUnixFileMode(path) & OfOthers) != 0)
        {
            return "can be written by others";
        }

        return OperatingSystem.IsLinux() && OwnerOf(path) is { } owner && owner != 0 && owner != EffectiveUser() ? "belongs to another user" : null;
    }

    /// <summary>As a shell takes it for one word.</summary>
    public static string Quoted(string path) => $"'{path.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    /// <summary>Null when the system does not say.</summary>
    private static uint? OwnerOf(string path)
    {
        const int fromHere = -100;
        const uint wantsOwner = 0x8;
        const int ownersPlace = 20;
        var answer = new byte[256];
        return Statx(fromHere, path, 0, wantsOwner, answer) == 0 ? BitConverter.ToUInt32(answer, ownersPlace) : null;
    }

    // The one call for it whose answer is laid out alike on every processor: statx(2).
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Statx(int folder, string path, int flags, uint mask, [Out] byte[] answer);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial uint EffectiveUser();
}
