using System.Globalization;

namespace CaptureFlow.Analysis.Tests;

/// <summary>What is counted of each connection, by us and by tshark, in the same words.</summary>
internal static class TcpCounts
{
    private static readonly (TcpMarks Mark, string Field)[] Fields =
    [
        (TcpMarks.Retransmission, "tcp.analysis.retransmission"),
        (TcpMarks.FastRetransmission, "tcp.analysis.fast_retransmission"),
        (TcpMarks.SpuriousRetransmission, "tcp.analysis.spurious_retransmission"),
        (TcpMarks.OutOfOrder, "tcp.analysis.out_of_order"),
        (TcpMarks.LostSegment, "tcp.analysis.lost_segment"),
        (TcpMarks.AckedLostSegment, "tcp.analysis.ack_lost_segment"),
        (TcpMarks.KeepAlive, "tcp.analysis.keep_alive"),
        (TcpMarks.KeepAliveAck, "tcp.analysis.keep_alive_ack"),
        (TcpMarks.DuplicateAck, "tcp.analysis.duplicate_ack"),
        (TcpMarks.ZeroWindow, "tcp.analysis.zero_window"),
        (TcpMarks.ZeroWindowProbe, "tcp.analysis.zero_window_probe"),
        (TcpMarks.ZeroWindowProbeAck, "tcp.analysis.zero_window_probe_ack"),
        (TcpMarks.WindowUpdate, "tcp.analysis.window_update"),
        (TcpMarks.WindowFull, "tcp.analysis.window_full"),
        (TcpMarks.ReusedPorts, "tcp.analysis.reused_ports"),
    ];

    /// <summary>By the two ends, and the how-manieth between them: counts by name.</summary>
    public static async Task<SortedDictionary<string, SortedDictionary<string, long>>> OfTsharkAsync(string path)
    {
        string[] fields = ["tcp.stream", "ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "tcp.dstport", "tcp.flags.reset", "frame.len", .. Fields.Select(field => field.Field)];
        Dictionary<string, string> names = [];
        Dictionary<string, int> times = [];
        SortedDictionary<string, SortedDictionary<string, long>> all = [];
        foreach (var row in await Tshark.FieldsAsync(path, "tcp && !icmp && !icmpv6", fields))
        {
            var stream = Last(row[0]);
            if (!names.TryGetValue(stream, out var name))
            {
                var ends = Ends($"{Last(Either(row[1], row[2]))} {Last(row[5])}", $"{Last(Either(row[3], row[4]))} {Last(row[6])}");
                names[stream] = name = $"{ends} #{times[ends] = times.GetValueOrDefault(ends) + 1}";
            }

            var counts = Counts(all, name);
            Add(counts, "packets");
            counts["bytes"] = counts.GetValueOrDefault("bytes") + long.Parse(row[8], CultureInfo.InvariantCulture);
            Add(counts, "resets", row[7].Contains('1', StringComparison.Ordinal) || row[7].Contains("True", StringComparison.Ordinal));
            for (var i = 0; i < Fields.Length; i++)
            {
                Add(counts, Fields[i].Field, row.Length > 9 + i && row[9 + i].Length > 0);
            }

            // Both of the special kinds are shown as plain retransmissions as well.
            if (counts.TryGetValue("tcp.analysis.retransmission", out var plain) && row[9].Length > 0 && (row[10].Length > 0 || row[11].Length > 0))
            {
                counts["tcp.analysis.retransmission"] = plain - 1;
            }
        }

        return all;
    }

    public static async Task<SortedDictionary<string, SortedDictionary<string, long>>> OfOursAsync(string path)
    {
        List<TcpConversation> found = [];
        CaptureSurvey survey = new(new());
        survey.Conclusions.Observer = found.Add;
        await using (var file = File.OpenRead(path))
        {
            await CaptureAnalyzer.WalkAsync(file, survey, new(), default);
        }

        survey.Close();
        Dictionary<string, int> times = [];
        SortedDictionary<string, SortedDictionary<string, long>> all = [];
        foreach (var conversation in found.OrderBy(conversation => conversation.Index))
        {
            var ends = Ends($"{conversation.Key.A} {conversation.Key.PortA}", $"{conversation.Key.B} {conversation.Key.PortB}");
            var counts = Counts(all, $"{ends} #{times[ends] = times.GetValueOrDefault(ends) + 1}");
            counts["packets"] = conversation.Packets;
            counts["bytes"] = conversation.Bytes;
            counts["resets"] = conversation.Resets.Count;
            foreach (var (mark, field) in Fields)
            {
                counts[field] = conversation.Count(mark);
            }
        }

        return all;
    }

    /// <summary>A line for each count that differs.</summary>
    public static async Task<List<string>> DifferencesAsync(string path) => Differences(await OfOursAsync(path), await OfTsharkAsync(path));

    /// <inheritdoc cref="DifferencesAsync"/>
    public static List<string> Differences(
        SortedDictionary<string, SortedDictionary<string, long>> ours, SortedDictionary<string, SortedDictionary<string, long>> theirs) =>
        [
            .. from name in ours.Keys.Union(theirs.Keys).Order(StringComparer.Ordinal)
               let one = ours.GetValueOrDefault(name) ?? []
               let other = theirs.GetValueOrDefault(name) ?? []
               from count in one.Keys.Union(other.Keys)
               where one.GetValueOrDefault(count) != other.GetValueOrDefault(count)
               select string.Create(CultureInfo.InvariantCulture, $"{name}: {count} is {one.GetValueOrDefault(count)}, tshark says {other.GetValueOrDefault(count)}"),
        ];

    private static SortedDictionary<string, long> Counts(SortedDictionary<string, SortedDictionary<string, long>> all, string name) =>
        all.TryGetValue(name, out var counts) ? counts : all[name] = [];

    private static void Add(SortedDictionary<string, long> counts, string name, bool count = true) => counts[name] = counts.GetValueOrDefault(name) + (count ? 1 : 0);

    private static string Ends(string one, string other) => string.CompareOrdinal(one, other) < 0 ? $"{one} - {other}" : $"{other} - {one}";

    private static string Last(string values) => values[(values.LastIndexOf(',') + 1)..];

    private static string Either(string one, string other) => one.Length > 0 ? one : other;
}
