using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>A log that was read: its entries up to the first link that does not hold.</summary>
/// <param name="Entries">Entries that hold, in order, each with its hash.</param>
/// <param name="Broken">The first line that does not hold, from 1, and why; null when all do.</param>
public sealed record CustodyReading(IReadOnlyList<CheckedEntry> Entries, BrokenLink? Broken);

/// <summary>An entry of a log that holds.</summary>
/// <param name="Seq">From 1.</param>
/// <param name="Entry">What happened.</param>
/// <param name="Hash">Of its line.</param>
/// <param name="Signature">As it is there, not checked; null when it has none.</param>
public sealed record CheckedEntry(int Seq, CustodyEntry Entry, string Hash, CustodySignature? Signature);

/// <summary>The first link of a log that does not hold.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Why">E.g. "it was changed".</param>
public sealed record BrokenLink(int Line, string Why);

/// <summary>Reads and continues logs. Pure.</summary>
public static class CustodyChain
{
    /// <summary>Checks every link of a log.</summary>
    /// <param name="captureId">Whose log it has to be.</param>
    /// <param name="log">All of it.</param>
    public static CustodyReading Read(string captureId, ReadOnlySpan<byte> log)
    {
        List<CheckedEntry> entries = [];
        var previous = CustodyLine.Root(captureId);
        var lines = Lines(log);
        for (var i = 0; i < lines.Length; i++)
        {
            var (line, hash, problem) = CustodyLine.Read(lines[i]);
            problem ??= line!.Previous != previous
                ? i == 0 ? "it is not the first of this capture's log" : "a line before it was changed, taken out or put in"
                : line.Seq != i + 1 ? $"its number is {line.Seq}" : null;
            if (problem is not null)
            {
                return new(entries, new(i + 1, problem));
            }

            entries.Add(new(line!.Seq, new(line.Event, line.At, line.By, line.Facts, line.Key), hash, CustodyLine.SignatureOf(lines[i])));
            previous = hash;
        }

        return new(entries, !log.IsEmpty && log[^1] != '\n' ? new(lines.Length, "it was cut off") : null);
    }

    /// <summary>What has to be appended so that a log has all of <paramref name="wanted"/>.</summary>
    /// <param name="captureId">Whose log it is.</param>
    /// <param name="log">All of it, ended by a line's end where it is not empty.</param>
    /// <param name="wanted">At least one.</param>
    /// <param name="key">Signs what is appended; null leaves it unsigned.</param>
    /// <returns>The bytes to append, which may be none, and the place of the last of <paramref name="wanted"/>.</returns>
    public static (byte[] Append, CustodyHead Head) Continue(string captureId, ReadOnlySpan<byte> log, IReadOnlyList<CustodyEntry> wanted, CustodyKey? key = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(wanted.Count);
        Dictionary<(string, string?), CustodyHead> there = [];
        var lines = Lines(log);
        var previous = CustodyLine.Root(captureId);
        for (var i = 0; i < lines.Length; i++)
        {
            // A log that does not hold is continued as it is. To refuse would lose what happens from now on, and mend nothing.
            var (line, hash, _) = CustodyLine.Read(lines[i]);
            previous = hash.Length > 0 ? hash : previous;
            if (line is not null)
            {
                there.TryAdd((line.Event, line.Key), new(i + 1, hash));
            }
        }

        StringBuilder append = new();
        var seq = lines.Length;
        foreach (var entry in wanted)
        {
            if (!there.ContainsKey((entry.Event, entry.Key)))
            {
                var (text, hash) = new CustodyLine(++seq, entry.Event, entry.Key, entry.At, entry.By, entry.Facts, previous).Write(key);
                append.Append(text).Append('\n');
                there[(entry.Event, entry.Key)] = new(seq, hash);
                previous = hash;
            }
        }

        return (Encoding.UTF8.GetBytes(append.ToString()), there[(wanted[^1].Event, wanted[^1].Key)]);
    }

    private static string[] Lines(ReadOnlySpan<byte> log)
    {
        var text = Encoding.UTF8.GetString(log);
        return text.Length == 0 ? [] : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }
}
