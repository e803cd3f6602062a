namespace CaptureFlow.Evidence;

/// <summary>Whether a log is the one that the holder of the key wrote, and all of it. Pure.</summary>
public static class AnchorChecks
{
    private const string SignedName = "signed";
    private const string DayName = "day";

    /// <param name="captureId">Whose log it is.</param>
    /// <param name="reading">The log.</param>
    /// <param name="anchors">Null when whoever verifies gave no key.</param>
    public static IEnumerable<EvidenceCheck> Of(string captureId, CustodyReading reading, CustodyAnchors? anchors)
    {
        if (anchors is null)
        {
            yield return new(
                SignedName,
                null,
                (reading.Entries is [.., { Signature: { } signature }] ? $"Not anchored: the log is signed by key {signature.KeyId}, but no --key was given to check it with." : "Not anchored: the log is not signed.")
                + " Whoever can write file, manifest and log could have written all three anew.",
                Open: true);
            yield break;
        }

        yield return SignatureOf(reading, anchors.Keys);
        yield return Day(captureId, reading, anchors);
    }

    /// <summary>Each signature that is there, and that there is one on the last entry, which covers all before it by their hashes.</summary>
    public static EvidenceCheck SignatureOf(CustodyReading reading, CustodyPublicKeys keys)
    {
        foreach (var entry in reading.Entries)
        {
            if (entry.Signature is { } signature && keys.WhyNot(signature) is { } why)
            {
                return new(SignedName, false, $"Entry {entry.Seq}: {why}.");
            }
        }

        return reading switch
        {
            { Broken: { } broken } => new(SignedName, null, $"Not checked to the end: line {broken.Line} of the log does not hold."),
            { Entries: [] } => new(SignedName, false, "There is no entry that could be signed."),
            { Entries: [.., { Signature: null } last] } => new(
                SignedName, false, $"Entry {last.Seq}, the last, is not signed: it was written while no key was configured, or the log was written anew."),
            { Entries: [.., { Signature: { } by } last] } => new(SignedName, true, $"Entry {last.Seq}, the last, is signed by key {by.KeyId}, and all before it by their hashes."),
            _ => throw new InvalidOperationException("A log has entries or has none."),
        };
    }

    private static EvidenceCheck Day(string captureId, CustodyReading reading, CustodyAnchors anchors)
    {
        if (anchors.Heads.Count == 0)
        {
            return new(DayName, null, "No head of a day is here: that an entry was cut off at the end would not be seen.", Open: true);
        }

        (CustodyDay Day, CustodyDayLog Log)? named = null;
        foreach (var file in anchors.Heads)
        {
            var (head, problem) = file.Check(anchors.Keys);
            if (head is null)
            {
                return new(DayName, false, $"The head of {file.Day:yyyy-MM-dd} does not hold: {problem}.");
            }

            named = head.Logs.FirstOrDefault(log => log.Id == captureId) is { } log ? (head, log) : named;
            if (named is var (day, place) && WhyNot(place, reading) is { } why)
            {
                return new(DayName, false, $"The head of {day.Day:yyyy-MM-dd} {why}");
            }
        }

        return named is { } found ? new(DayName, true, $"Entry {found.Log.Entries} is as the head of {found.Day.Day:yyyy-MM-dd} names it.")
            : ShouldBeNamed(reading, anchors.Heads[^1].Day) ? new(DayName, false, $"No head names this log, and the last is of {anchors.Heads[^1].Day:yyyy-MM-dd}: it was put there later.")
            : new(DayName, null, "Its day has no head yet: that an entry was cut off at the end would not be seen.", Open: true);
    }

    /// <returns>Null when the log has what a head names; else what is wrong, to be put after "The head of …".</returns>
    public static string? WhyNot(CustodyDayLog place, CustodyReading reading) =>
        reading.Entries.Count < place.Entries ? $"names {place.Entries} entries, and only {reading.Entries.Count} hold: the log was cut or changed."
        : reading.Entries[place.Entries - 1].Hash != place.Hash ? $"names another entry {place.Entries}: the log was written anew."
        : null;

    /// <summary>What happened late on a day may have been noted on the next one, and so be named by that one's head.</summary>
    public static bool ShouldBeNamed(CustodyReading reading, DateOnly lastHead) =>
        reading.Entries is [.., var last] && DateOnly.FromDateTime(last.Entry.At.UtcDateTime) < lastHead;
}
