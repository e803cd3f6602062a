using System.Security.Cryptography;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>One thing that was checked.</summary>
/// <param name="Name">A stable word.</param>
/// <param name="Holds">Whether it is as it should be; null when there was nothing to check it against.</param>
/// <param name="Says">What was found.</param>
/// <param name="Open">Whether the rest may hold without it: it says what nobody knows, since there was no key or head to hold the log against.</param>
public sealed record EvidenceCheck(string Name, bool? Holds, string Says, bool Open = false);

/// <summary>Whether file, manifest and log belong together and are as they were made.</summary>
/// <param name="CaptureId">As the manifest has it; null when that cannot be read.</param>
/// <param name="Holds">True when every check holds; a check that could not be made does not, unless it is <see cref="EvidenceCheck.Open"/>.</param>
/// <param name="Checks">In the order made.</param>
public sealed record EvidenceReport(string? CaptureId, bool Holds, IReadOnlyList<EvidenceCheck> Checks)
{
    public static EvidenceReport Of(string? captureId, IReadOnlyList<EvidenceCheck> checks) =>
        new(captureId, checks.All(check => check.Holds == true || check is { Holds: null, Open: true }), checks);
}

/// <summary>
/// Checks evidence against itself, wherever it has been since: the file against the manifest, the manifest against the log, and the log link by link.
/// Whoever can rewrite all three together is found out by the log's signatures alone, held against a key that was got from elsewhere.
/// </summary>
public static class EvidenceVerification
{
    /// <param name="manifest">The manifest, byte for byte as it was stored.</param>
    /// <param name="log">The log; null when it is not at hand.</param>
    /// <param name="file">The capture file, read to its end in constant memory; null when it is not at hand.</param>
    /// <param name="anchors">What the log is held against; null leaves it without, and says so.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public static async Task<EvidenceReport> CheckAsync(
        ReadOnlyMemory<byte> manifest, ReadOnlyMemory<byte>? log, Stream? file, CustodyAnchors? anchors, CancellationToken cancellationToken)
    {
        CaptureManifest? read = null;
        string? damage = null;
        try
        {
            read = JsonSerializer.Deserialize<CaptureManifest>(manifest.Span, CaptureJson.Options);
        }
        catch (JsonException e)
        {
            damage = e.Message;
        }

        if (read is not { Schema: CaptureManifest.CurrentSchema })
        {
            return new(null, false, [new("manifest", false, damage is null ? "It is no manifest of a schema known here." : $"It cannot be read: {damage}")]);
        }

        List<EvidenceCheck> checks = [new("manifest", true, $"{read.Schema} of {read.Plan.Order.Target}, asked by {read.Plan.Order.RequestedBy}")];
        checks.AddRange(await FileAsync(read, file, cancellationToken));
        checks.AddRange(LogChecks.Of(read, Convert.ToHexStringLower(SHA256.HashData(manifest.Span)), log, anchors));
        checks.Add(Proof(read.Revocation));
        return EvidenceReport.Of(read.Plan.Order.CaptureId, checks);
    }

    private static async Task<List<EvidenceCheck>> FileAsync(CaptureManifest manifest, Stream? file, CancellationToken cancellationToken)
    {
        var evidence = manifest.Evidence;
        if (evidence.FileName is null)
        {
            return [new("file", file is null, file is null ? "The capture has none, as the manifest says." : "There is a file, and the manifest says that there is none.")];
        }

        if (file is null)
        {
            return [new("file", null, $"The manifest speaks of {evidence.Bytes} bytes; the file is not here.")];
        }

        await using var hashing = new HashingStream(file);
        var walk = await PcapWalker.WalkAsync(hashing, cancellationToken, manifest.Plan.Order.CaptureId);
        var sha256 = hashing.Sha256;
        var same = (walk.Bytes, sha256) == (evidence.Bytes, evidence.Sha256);
        List<EvidenceCheck> checks =
        [
            new("file", same, same ? $"{walk.Bytes} bytes, SHA-256 {sha256}" : $"{walk.Bytes} bytes with SHA-256 {sha256}; the manifest says {evidence.Bytes} with {evidence.Sha256}"),
        ];
        if (manifest.Tapped is { } tapped)
        {
            var whole = (walk.Bytes, sha256) == (tapped.Bytes, tapped.Sha256);
            checks.Add(whole || evidence.Verdict == Verdict.Partial
                ? new("container", true, whole ? "Size and hash are those taken where it was captured." : $"A part of the {tapped.Bytes} bytes that were captured, as the verdict says.")
                : new("container", false, $"Where it was captured, it had {tapped.Bytes} bytes with SHA-256 {tapped.Sha256}."));
        }

        checks.Add(new("packets", walk.Summary?.Packets == evidence.Packets, $"{walk.Summary?.Packets ?? 0} packets; the manifest says {evidence.Packets}"));
        return checks;
    }

    private static EvidenceCheck Proof(RevocationProof? proof) => new("revocation", proof is { Proven: true }, proof switch
    {
        null => "The manifest has no proof that the rights were taken back.",
        { Proven: true } => $"The rights are proven gone: {proof.Answers.Count} answers, the last of {proof.Answers.Max(answer => answer.AskedAt):yyyy-MM-dd HH:mm:ss}Z.",
        _ => $"Not proven: {string.Join("; ", proof.Answers.Where(answer => !answer.Holds).Select(answer => $"{answer.Question}: {answer.Answer}"))}",
    });
}
