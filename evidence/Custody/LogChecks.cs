using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>Whether a log holds in itself, and says of file and manifest what they are. Pure.</summary>
internal static class LogChecks
{
    public static IEnumerable<EvidenceCheck> Of(CaptureManifest manifest, string manifestSha256, ReadOnlyMemory<byte>? log, CustodyAnchors? anchors)
    {
        if (log is not { } bytes)
        {
            yield return new("log", null, "The log is not here.");
            yield break;
        }

        var reading = CustodyChain.Read(manifest.Plan.Order.CaptureId, bytes.Span);
        var last = reading.Entries.Count > 0 ? reading.Entries[^1].Entry : null;
        yield return reading.Broken is { } broken
            ? new("log", false, $"Line {broken.Line} does not hold: {broken.Why}. The {reading.Entries.Count} before it do.")
            : new("log", reading.Entries.Count > 0, last is null ? "It is empty." : $"{reading.Entries.Count} entries, each bound to the one before; the last is '{last.Event}'.");
        // What is behind a line that does not hold proves nothing, so nothing is said of it.
        EvidenceCheck Told(EvidenceCheck check) => reading.Broken is { } at && check.Holds == false ? new(check.Name, null, $"Not checked: line {at.Line} of the log does not hold.") : check;
        yield return Told(Anchor(manifest.Custody, reading));
        yield return Told(Stored(manifest.Evidence, reading));
        yield return Told(Revoked(manifestSha256, reading));
        foreach (var check in AnchorChecks.Of(manifest.Plan.Order.CaptureId, reading, anchors))
        {
            yield return check;
        }
    }

    private static EvidenceCheck Anchor(CustodyHead? head, CustodyReading reading)
    {
        const string Name = "anchor";
        if (head is null)
        {
            return new(Name, false, "The manifest names no place in the log.");
        }

        if (reading.Entries.Count < head.Entries)
        {
            return new(Name, false, $"The manifest was stored after entry {head.Entries}, and only {reading.Entries.Count} hold: the log was cut or changed.");
        }

        return reading.Entries[head.Entries - 1].Hash == head.Hash
            ? new(Name, true, $"Entry {head.Entries} is the one after which the manifest was stored.")
            : new(Name, false, $"Entry {head.Entries} is not the one after which the manifest was stored: the log was written anew.");
    }

    private static EvidenceCheck Stored(StoredEvidence evidence, CustodyReading reading)
    {
        var noted = reading.Entries.LastOrDefault(entry => entry.Entry.Event == CustodyEvents.Stored)?.Entry.Facts.GetValueOrDefault("sha256");
        return new("stored", noted == evidence.Sha256, noted is null ? "The log does not say that anything was stored."
            : noted == evidence.Sha256 ? "The log has the same SHA-256 of the stored file." : $"The log has another SHA-256 of the stored file: {noted}");
    }

    private static EvidenceCheck Revoked(string manifestSha256, CustodyReading reading)
    {
        var noted = reading.Entries.LastOrDefault(entry => entry.Entry.Event == CustodyEvents.Revoked)?.Entry.Facts.GetValueOrDefault("manifestSha256");
        return new("sealed", noted == manifestSha256, noted is null ? "The log does not have the manifest's hash: the capture was never finished, or could not write to its log."
            : noted == manifestSha256 ? "The manifest is byte for byte the one that the log ends the capture with." : "The manifest was changed after the capture ended: the log has another hash of it.");
    }
}
