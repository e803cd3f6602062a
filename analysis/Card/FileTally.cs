namespace CaptureFlow.Analysis;

/// <summary>Counts the packets, and knows what of them could not be looked at.</summary>
internal sealed class FileTally
{
    private static readonly FindingKind Unreadable = new(
        "file-unreadable", FindingSeverity.Error, group => $"the file could not be read to its end: {group.Detail}",
        "What comes before is looked at, what comes behind is not. See whether the disk was full, or the file was cut or joined.");

    private static readonly FindingKind CutShort = new(
        "file-cut", FindingSeverity.Warning, group => $"the last packet is not whole: {Words.Bytes(group.Largest)} are left over",
        "The file was copied while it grew, the disk was full, or the capture was killed.");

    private static readonly FindingKind BackInTime = new(
        "time-goes-back", FindingSeverity.Note, group => $"{group.Count("packet")} with a time before the one in front, by up to {Words.Time(group.Largest)}",
        "Several queues or interfaces, a clock that was set, or files that were joined. Times between packets may be off; reordercap sorts them.");

    private readonly Dictionary<int, long> _unknownLinks = [];
    private Occurrences _back;
    private long _largestBack;
    private long _firstTime;
    private long _wireBytes;
    private long _cut;
    private long _malformed;
    private long _fragments;
    private long _tunnelled;

    public long Packets { get; private set; }

    public long LastTime { get; private set; }

    public long OwnPackets { get; set; }

    public long BytesLeft { get; set; }

    public TimeSpan? StoppedAfter { get; set; }

    public void Add(Packet p)
    {
        if (Packets++ == 0)
        {
            _firstTime = LastTime = p.Time;
        }

        if (p.Time < LastTime)
        {
            _back.Add(p);
            _largestBack = Math.Max(_largestBack, LastTime - p.Time);
        }

        LastTime = Math.Max(LastTime, p.Time);
        _wireBytes += p.Record.WireLength;
        _cut += p.IsCut ? 1 : 0;
        _malformed += p.Kind == PacketKind.Malformed ? 1 : 0;
        _fragments += p.Fragment ? 1 : 0;
        _tunnelled += p.Tunnelled ? 1 : 0;
        if (p.Kind == PacketKind.UnknownLink && (_unknownLinks.Count < 16 || _unknownLinks.ContainsKey(p.Record.LinkType)))
        {
            _unknownLinks[p.Record.LinkType] = _unknownLinks.GetValueOrDefault(p.Record.LinkType) + 1;
        }
    }

    public FileFacts Facts(PacketSource? source) => new(
        source?.Format, source?.BytesRead ?? 0, Packets, _wireBytes, _cut, source?.SnapLength ?? 0,
        Packets == 0 ? null : Words.At(_firstTime), Packets == 0 ? null : Words.At(LastTime),
        source is { Problem: null } && BytesLeft == 0 && StoppedAfter is null, source?.Problem)
    {
        OwnPackets = OwnPackets,
    };

    public void AddProblems(FindingBook book, PacketSource? source)
    {
        if (source?.Problem is { } problem)
        {
            AtTheEnd(book, Unreadable).Detail = problem.TrimEnd('.');
        }
        else if (BytesLeft > 0)
        {
            AtTheEnd(book, CutShort).Largest = BytesLeft;
        }

        if (_back.Count > 0)
        {
            book.Note(BackInTime, "the file", _back).Largest = _largestBack;
        }
    }

    // Behind the last packet that was read; without one, the file has the finding all the same.
    private FindingGroup AtTheEnd(FindingBook book, FindingKind kind) =>
        Packets > 0 ? book.Note(kind, "the file", new Moment(Packets, LastTime)) : book.Of(kind, "the file");

    /// <summary>In sentences.</summary>
    public IEnumerable<string> CannotSay(long concludedEarly, long givenUp)
    {
        if (StoppedAfter is { } time)
        {
            yield return $"What comes after packet {Packets}: the analysis was stopped after {time.TotalSeconds:0} seconds.";
        }

        if (_cut > 0)
        {
            yield return $"What is behind the first bytes of {Words.Count(_cut, "packet")}: the snap length cut them. Names, status codes and certificates may be missing; counts, times and endings are not affected.";
        }

        foreach (var (type, count) in _unknownLinks.OrderByDescending(link => link.Value))
        {
            yield return $"What is in {Words.Count(count, "packet")} of link type {type}, which is not taken apart.";
        }

        if (_malformed > 0)
        {
            yield return $"What is in {Words.Count(_malformed, "packet")} with headers that are cut or contradict themselves.";
        }

        if (_fragments > 0)
        {
            yield return $"What {Words.Count(_fragments, "IP fragment")} carry: they are counted, and not put together.";
        }

        if (concludedEarly > 0)
        {
            yield return $"How {Words.Count(concludedEarly, "conversation")} went on: there were too many at the same time, and those that were quiet longest were concluded early. Such a conversation may be counted twice.";
        }

        if (givenUp > 0)
        {
            yield return $"Whether {Words.Count(givenUp, "DNS question")} got an answer: too many waited for one at the same time.";
        }
    }
}
