using System.Text.Json;
using CaptureFlow.Analysis;
using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>A pcapng file on this machine, made of a pcap beside it: there whole or not at all, and this user's alone.</summary>
internal static class PcapngFile
{
    /// <param name="pcap">The source.</param>
    /// <param name="path">The file to write; one that is there is replaced.</param>
    /// <param name="manifest">The manifest of the capture, whose facts are told; null for none.</param>
    /// <param name="comments">By packet number; null when nobody looked.</param>
    /// <param name="cancellationToken">Ctrl-C.</param>
    /// <returns>In one sentence why there is no file; null when there is. Errors of files pass through.</returns>
    public static async Task<string?> WriteAsync(
        string pcap,
        string path,
        string? manifest,
        IReadOnlyDictionary<long, IReadOnlyList<string>>? comments,
        CancellationToken cancellationToken)
    {
        await using FileStream file = new(pcap, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 1);
        var (export, refusal) = await PcapngExport.OpenAsync(file, cancellationToken);
        if (export is null)
        {
            return refusal;
        }

        var notes = manifest is null ? new() : await NotesAsync(manifest, file.Length, cancellationToken);
        var part = path + ".part";
        try
        {
            using (export)
            {
                await using var output = PrivateFiles.Write(part);
                await export.WriteAsync(output, notes.WithComments(comments), cancellationToken);
            }

            File.Move(part, path, overwrite: true);
            return null;
        }
        finally
        {
            if (File.Exists(part))
            {
                File.Delete(part);
            }
        }
    }

    private static async Task<PcapngNotes> NotesAsync(string manifest, long bytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(manifest);
            return await JsonSerializer.DeserializeAsync<CaptureManifest>(file, CaptureJson.Options, cancellationToken) is { } read
                && read.Evidence.Bytes == bytes
                    ? ManifestNotes.Of(read)
                    : new() { Facts = ["facts: none, since the manifest is of another file"] };
        }
        catch (JsonException)
        {
            // Of a later version, say: the packets are the same.
            return new() { Facts = ["facts: none, since the manifest cannot be read"] };
        }
    }
}
