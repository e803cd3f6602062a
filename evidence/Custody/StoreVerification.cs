using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Checks a whole store's logs against its days' heads: what was cut, written anew or taken away since a head named it. Of a folder that has <c>log</c> and
/// <c>heads</c> as the store has them, or as they were brought from a container.
/// </summary>
public static class StoreVerification
{
    public const string LogFolder = "log";
    public const string HeadFolder = "heads";

    /// <summary>Said one by one; more are counted.</summary>
    private const int MostNamed = 100;

    /// <summary>A head is signed in the hour after its day; hosts restart, and stores are away.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromHours(3);

    /// <summary>The heads of a store, the earliest first; none where there are none.</summary>
    /// <param name="folder">The store's.</param>
    public static IReadOnlyList<CustodyHeadFile> Heads(string folder)
    {
        var heads = Path.Combine(folder, HeadFolder);
        return !Directory.Exists(heads) ? [] :
        [
            .. from path in Directory.GetFiles(heads)
               let day = CustodyDay.TryDay(Path.GetFileName(path))
               where day is not null
               orderby day
               select new CustodyHeadFile(day.Value, File.ReadAllBytes(path)),
        ];
    }

    /// <param name="folder">The store's.</param>
    /// <param name="keys">Trusted.</param>
    /// <param name="now">Whoever verifies says what time it is.</param>
    /// <param name="cancellationToken">Ends the reading between two logs.</param>
    public static EvidenceReport Check(string folder, CustodyPublicKeys keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var heads = Heads(folder);
        List<EvidenceCheck> checks = [];
        List<CustodyDay> held = [];
        checks.Add(Chain(heads, keys, held));

        // A later head names a log's later entries: each names what has to be there still.
        var places = held.SelectMany(head => head.Logs.Select(log => (Head: head, Log: log))).ToLookup(place => place.Log.Id);
        var logs = Path.Combine(folder, LogFolder);
        var ids = Directory.Exists(logs)
            ? Directory.GetFiles(logs, "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)).Where(CaptureIds.IsValid).ToHashSet(StringComparer.Ordinal)
            : [];
        List<EvidenceCheck> wrong = [];
        var (late, recent, over) = (0, 0, 0);
        foreach (var id in ids.Order(StringComparer.Ordinal))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reading = CustodyChain.Read(id, File.ReadAllBytes(Path.Combine(logs, id + ".jsonl")));
            if (WhyNot(reading, keys, [.. places[id]]) is { } why)
            {
                wrong.Add(new("log", false, $"{id}: {why}"));
            }
            else if (!places[id].Any() || places[id].Max(place => place.Log.Entries) < reading.Entries.Count)
            {
                _ = reading.Entries[^1].Entry.At.UtcDateTime.Date.AddDays(1) + Grace < now.UtcDateTime ? late++ : recent++;
            }
        }

        foreach (var gone in places.Where(place => !ids.Contains(place.Key)).Select(place => place.Last()))
        {
            if (gone.Head.LogDays > 0 && gone.Log.LastAt.AddDays(gone.Head.LogDays) < now)
            {
                over++;
            }
            else
            {
                wrong.Add(new("log", false, $"{gone.Log.Id}: the head of {gone.Head.Day:yyyy-MM-dd} names it, and it is missing, before its time was over."));
            }
        }

        checks.AddRange(wrong.Take(MostNamed));
        checks.Add(new("logs", wrong.Count == 0, wrong.Count == 0
            ? $"{ids.Count} logs are signed and as the heads name them; {over} more are past their time and gone."
            : $"{wrong.Count} of {ids.Count + places.Count(place => !ids.Contains(place.Key)) - over} logs do not hold."));
        checks.Add(late > 0
            ? new("anchored", null, $"{late} logs have entries that no head names, though their day is over: no host signed it.")
            : recent > 0 ? new("anchored", null, $"{recent} logs have entries of a day that has no head yet: that these were cut off would not be seen.", Open: true)
            : new("anchored", true, "The heads name every entry."));
        return EvidenceReport.Of(null, checks);
    }

    private static string? WhyNot(CustodyReading reading, CustodyPublicKeys keys, IReadOnlyList<(CustodyDay Head, CustodyDayLog Log)> places)
    {
        if (reading.Broken is { } broken)
        {
            return $"line {broken.Line} does not hold: {broken.Why}.";
        }

        if (AnchorChecks.SignatureOf(reading, keys) is { Holds: not true } unsigned)
        {
            return unsigned.Says;
        }

        return places.Select(place => AnchorChecks.WhyNot(place.Log, reading) is { } why ? $"the head of {place.Head.Day:yyyy-MM-dd} {why}" : null)
            .FirstOrDefault(why => why is not null);
    }

    private static EvidenceCheck Chain(IReadOnlyList<CustodyHeadFile> heads, CustodyPublicKeys keys, List<CustodyDay> held)
    {
        const string Name = "heads";
        if (heads.Count == 0)
        {
            return new(Name, null, $"There is no head of a day in '{HeadFolder}': no day has ended with a key, or they were taken away.");
        }

        for (var i = 0; i < heads.Count; i++)
        {
            var (head, problem) = heads[i].Check(keys);
            problem ??= i == 0
                ? head!.PreviousDay is { } before ? $"it follows that of {before:yyyy-MM-dd}, which is missing" : null
                : head!.Previous == CustodyDay.HashOf(heads[i - 1].Bytes.Span) ? null
                : $"it does not follow that of {heads[i - 1].Day:yyyy-MM-dd}: one between was taken away, or put there";
            if (problem is not null)
            {
                return new(Name, false, $"The head of {heads[i].Day:yyyy-MM-dd} does not hold: {problem}.");
            }

            held.Add(head!);
        }

        return new(Name, true, $"{heads.Count} heads, each signed and bound to the one before, of {heads[0].Day:yyyy-MM-dd} to {heads[^1].Day:yyyy-MM-dd}.");
    }
}
