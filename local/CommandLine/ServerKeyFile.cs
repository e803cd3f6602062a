using CaptureFlow.Local.Hosting;

namespace CaptureFlow.Local.CommandLine;

/// <summary>
/// The key of a host that <c>captureflow serve</c> runs, where the same user's commands find it. It is made anew with each start and goes with the host:
/// whoever listens at its address afterwards would be sent a key that opens nothing.
/// </summary>
internal sealed class ServerKeyFile : IDisposable
{
    private ServerKeyFile(string path) => Path = path;

    public string Path { get; }

    /// <exception cref="HostRefusedException">The file cannot be written.</exception>
    public static async Task<ServerKeyFile> WriteAsync(Uri url, string key, CancellationToken cancellationToken)
    {
        var path = PathOf(url);
        try
        {
            PrivateFiles.MakeFolder(System.IO.Path.GetDirectoryName(path)!);

            // Never into a file that somebody else made: its rights are theirs.
            File.Delete(path);
            await using StreamWriter file = new(PrivateFiles.Write(path, FileMode.CreateNew));
            await file.WriteLineAsync(key.AsMemory(), cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HostRefusedException($"The key cannot be kept in '{path}': {e.Message}", "Make the folder your own, set a key of your own, or let everybody on this machine in with --anonymous.");
        }

        return new(path);
    }

    /// <summary>The key of this user's host at exactly this address of loopback; null when there is none.</summary>
    public static string? TryRead(Uri url)
    {
        if (!url.IsLoopback || url.Scheme != Uri.UriSchemeHttp)
        {
            return null;
        }

        try
        {
            return File.ReadAllText(PathOf(url)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    public void Dispose() => File.Delete(Path);

    // The host as it is written: a name may lead to another program than the address does.
    private static string PathOf(Uri url) => System.IO.Path.Combine(StateHome.Path, "servers", $"{url.IdnHost.Replace(':', '_')}-{url.Port}.key");
}
