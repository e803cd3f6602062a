using CaptureFlow.Local.Hosting;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Brings a capture's file, manifest and log to where the user wants them.</summary>
internal static class EvidenceDelivery
{
    /// <summary>
    /// Downloads to a neighbour of <paramref name="path"/>, compares the hash, and only then takes the name. The result says where the files
    /// are, or why they are not there.
    /// </summary>
    public static async Task<CaptureResult> DeliverAsync(ICaptureApi api, CaptureResult result, StoredEvidence? evidence, string path, CancellationToken cancellationToken)
    {
        if (result.Id is not { } id || evidence?.FileName is not { } name)
        {
            return result;
        }

        // The file first: its card may still have to be made.
        path = Path.GetFullPath(path);
        var pcap = EvidencePaths.IsPcapng(path) ? path + ".source" : path;
        var brought = await BringAsync(api, result, id, name, evidence, new(pcap, path), cancellationToken);
        brought = await WithTriageAsync(api, brought, id, cancellationToken);
        return pcap == path || brought.Path is null ? brought : await AsPcapngAsync(brought, evidence, new(pcap, path), cancellationToken);
    }

    private static async Task<CaptureResult> BringAsync(
        ICaptureApi api,
        CaptureResult result,
        string id,
        string name,
        StoredEvidence evidence,
        Place place,
        CancellationToken cancellationToken)
    {
        var part = place.Pcap + ".part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(part)!);
            ApiAnswer<string> hash;
            await using (var target = PrivateFiles.Write(part))
            {
                hash = await api.DownloadAsync(id, name, evidence.Bytes, target, cancellationToken);
            }

            if (hash.Value != evidence.Sha256)
            {
                return Undelivered(result, evidence, hash.Problem?.Detail ?? "The bytes that arrived have another SHA-256 than the stored file.");
            }

            File.Move(part, place.Pcap, overwrite: true);
            var manifest = await BesideAsync(place.Wanted, api, id, cancellationToken);
            return result with { Path = place.Wanted, Sha256 = hash.Value, ManifestPath = manifest };
        }
        catch (OperationCanceledException)
        {
            return Undelivered(result, evidence, "the transfer was interrupted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Undelivered(result, evidence, e.Message);
        }
        finally
        {
            DeleteIfThere(part);
        }
    }

    /// <summary>Makes pcapng of the pcap that was brought and compared, and lets go of the pcap, which verify has back from it.</summary>
    private static async Task<CaptureResult> AsPcapngAsync(
        CaptureResult brought, StoredEvidence evidence, Place place, CancellationToken cancellationToken)
    {
        try
        {
            var comments = brought.Triage?.Comments();
            return await PcapngFile.WriteAsync(place.Pcap, place.Wanted, brought.ManifestPath, comments, cancellationToken) is { } problem
                ? Undelivered(brought, evidence, problem)
                : brought;
        }
        catch (OperationCanceledException)
        {
            return Undelivered(brought, evidence, "making pcapng of it was interrupted.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Undelivered(brought, evidence, e.Message);
        }
        finally
        {
            DeleteIfThere(place.Pcap);
        }
    }

    /// <summary>What the file shows beside the file: without it, nothing is lost that <c>captureflow analyze</c> could not say.</summary>
    private static async Task<CaptureResult> WithTriageAsync(ICaptureApi api, CaptureResult result, string id, CancellationToken cancellationToken)
    {
        try
        {
            var (card, problem) = await api.TriageAsync(id, cancellationToken);

            // A server that knows no cards, or makes none, has nothing to say of it.
            return problem is null or { Status: 404 }
                ? result with { Triage = card }
                : result with { Notes = [.. result.Notes, $"There is no triage card yet: {problem.Detail}"] };
        }
        catch (OperationCanceledException)
        {
            return result with { Notes = [.. result.Notes, "The triage card was not waited for: captureflow analyze makes one of the file."] };
        }
    }

    /// <summary>Without a complaint when its folder could not even be made.</summary>
    private static void DeleteIfThere(string file)
    {
        if (File.Exists(file))
        {
            File.Delete(file);
        }
    }

    /// <returns>The manifest's path; null when there is none.</returns>
    private static async Task<string?> BesideAsync(string path, ICaptureApi api, string id, CancellationToken cancellationToken)
    {
        // The log last: it says who downloaded.
        var manifest = await WriteAsync(path + EvidenceSource.ManifestSuffix, await api.ManifestAsync(id, cancellationToken), cancellationToken);
        await WriteAsync(path + EvidenceSource.LogSuffix, await api.LogAsync(id, cancellationToken), cancellationToken);
        return manifest;
    }

    private static async Task<string?> WriteAsync(string path, ApiAnswer<string> answer, CancellationToken cancellationToken)
    {
        if (answer.Value is null)
        {
            return null;
        }

        await PrivateFiles.WriteTextAsync(path, answer.Value, cancellationToken);
        return path;
    }

    private static CaptureResult Undelivered(CaptureResult result, StoredEvidence evidence, string why) => result with
    {
        ExitCode = result.ExitCode == ExitCodes.RevokeUnproven ? result.ExitCode : ExitCodes.Undelivered,
        KeptAt = evidence.Location,
        Path = null,
        Sha256 = null,
        Notes = [.. result.Notes, $"The file could not be brought here: {why} It is stored at {evidence.Location}."],
    };

    /// <param name="Pcap">Where the bytes of the store go.</param>
    /// <param name="Wanted">The user's file, with manifest and log beside it.</param>
    private sealed record Place(string Pcap, string Wanted);
}
