using System.Text.Json;
using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Evidence;

/// <summary>A <c>manifest.json</c>.</summary>
internal static class ManifestFile
{
    public static Task WriteAsync(string folder, CaptureManifest manifest, CancellationToken cancellationToken) =>
        OwnedFiles.WriteAtomicallyAsync(Path.Combine(folder, EvidenceFiles.Manifest), JsonSerializer.SerializeToUtf8Bytes(manifest, CaptureJson.Indented), cancellationToken);

    /// <returns>Null when there is none, or none that can be understood; the latter is logged.</returns>
    public static async Task<CaptureManifest?> TryReadAsync(string folder, ILogger logger, CancellationToken cancellationToken)
    {
        var path = Path.Combine(folder, EvidenceFiles.Manifest);
        try
        {
            await using var file = OwnedFiles.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return await JsonSerializer.DeserializeAsync<CaptureManifest>(file, CaptureJson.Options, cancellationToken);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (JsonException damaged)
        {
            Log.ManifestUnreadable(logger, path, damaged.Message);
            return null;
        }
    }
}
