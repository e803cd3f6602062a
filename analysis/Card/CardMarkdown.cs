using System.Globalization;
using System.Text;

namespace CaptureFlow.Analysis;

/// <summary>The card as text, to be read on a terminal or shown as Markdown.</summary>
public static class CardMarkdown
{
    /// <summary>Ends with a line feed. What comes out of packets is in code spans, and holds nothing that ends one.</summary>
    /// <param name="card">The card.</param>
    public static string Write(TriageCard card)
    {
        StringBuilder text = new();
        AddLine(text, $"# {card.Summary}");
        AddLine(text, "");
        AddLine(text, File(card.File));
        AddFindings(text, card);
        AddConversations(text, card);
        AddTotals(text, card);
        if (card.CannotSay.Count > 0)
        {
            AddLine(text, "\n## What this card cannot say\n");
            foreach (var sentence in card.CannotSay)
            {
                AddLine(text, $"- {sentence}");
            }
        }

        return text.ToString();
    }

    internal static string File(FileFacts file)
    {
        var cut = file.CutPackets == 0 ? "" : $", {Words.Count(file.CutPackets, "packet")} cut by the snap length";
        var own = file.OwnPackets == 0 ? "" : $" ({file.OwnPackets} of them CaptureFlow's own canaries and the answers to them)";
        return file.FirstAt is { } first && file.LastAt is { } last
            ? $"{file.Format}, {Words.Count(file.Packets, "packet")}{own}, {Words.Bytes(file.WireBytes)} on the wire{cut}, from {Time(first)} to {Time(last)}"
            : $"{file.Format ?? "no capture file"}, no packets";
    }

    private static void AddFindings(StringBuilder text, TriageCard card)
    {
        if (card.Findings.Count == 0)
        {
            return;
        }

        AddLine(text, "\n## Findings\n");
        foreach (var finding in card.Findings)
        {
            AddFinding(text, finding);
        }

        foreach (var (code, count) in card.FindingsLeftOut)
        {
            AddLine(text, $"- and `{code}` of {count} more");
        }
    }

    internal static void AddFinding(StringBuilder text, Finding finding)
    {
        AddLine(text, $"- **{finding.Severity}** `{finding.Subject}`: {finding.Says}{Packets(finding)}");
        AddLine(text, $"  {finding.Means} (`{finding.Code}`)");
    }

    internal static string Packets(Finding finding)
    {
        if (finding.Packets.Count == 0)
        {
            return ".";
        }

        var packets = string.Join(", ", finding.Packets);
        var more = finding.Count > finding.Packets.Count ? ", …" : "";
        return $". Packet{(finding.Packets.Count == 1 ? "" : "s")} {packets}{more}{(finding.FirstAt is { } first ? $", first at {Time(first)}" : "")}.";
    }

    private static void AddConversations(StringBuilder text, TriageCard card)
    {
        if (card.Conversations.Count == 0)
        {
            return;
        }

        AddLine(text, $"\n## Top conversations of {card.ConversationCount}: by bytes, packets or time\n");
        AddLine(text, "| client | server | protocol | packets | bytes | seconds | first packet | handshake | ended |");
        AddLine(text, "|---|---|---|---|---|---|---|---|---|");
        foreach (var row in card.Conversations)
        {
            var protocol = row.Application is null ? row.Protocol : $"{row.Protocol}, {row.Application}";
            var handshake = row.HandshakeMilliseconds is { } milliseconds ? Milliseconds(milliseconds) : "";
            AddLine(text, string.Create(
                CultureInfo.InvariantCulture,
                $"| `{row.Client}` | `{row.Server}` | {protocol} | {row.Packets} | {row.Bytes} | {row.Seconds:0.###} | {row.FirstPacket} | {handshake} | {row.Ending} |"));
        }
    }

    private static void AddTotals(StringBuilder text, TriageCard card)
    {
        var tcp = card.Tcp;
        if (tcp.Connections > 0)
        {
            AddLine(text, "\n## TCP\n");
            AddLine(text, $"{Words.Count(tcp.Connections, "connection")}: {tcp.Refused} refused, {tcp.Unanswered} unanswered, {tcp.Reset} reset");
            AddLine(text, $"{Words.Count(tcp.Segments, "segment")}, {tcp.Retransmissions} sent again ({Words.Part(tcp.Retransmissions, tcp.Segments)})");
            AddTimes(text, "Handshakes", tcp.HandshakeMedianMilliseconds, tcp.HandshakeLongestMilliseconds);
        }

        var dns = card.Dns;
        if (dns.Queries + dns.Answers > 0)
        {
            AddLine(text, "\n## DNS\n");
            AddLine(text, $"{dns.Queries} asked, {dns.Answers} answered: {dns.NoSuchName} NXDOMAIN, {dns.ServerFailures} SERVFAIL, {dns.Unanswered} unanswered");
            AddTimes(text, "Answers", dns.MedianMilliseconds, dns.LongestMilliseconds);
        }

        AddTls(text, card.Tls);
        AddHttp(text, card.Http);
    }

    private static void AddHttp(StringBuilder text, HttpTotals http)
    {
        if (http.Requests + http.Answers == 0)
        {
            return;
        }

        AddLine(text, "\n## HTTP in the clear\n");
        var grpc = http.GrpcErrors == 0 ? "" : $", {http.GrpcErrors} with errors of gRPC";
        var unclear = http.Unclear == 0 ? "" : $", {http.Unclear} of unknown end";
        var errors = $"{http.ClientErrors} answered 4xx, {http.ServerErrors} answered 5xx{grpc}";
        AddLine(text, $"{Words.Count(http.Requests, "request")}: {errors}, {http.Unanswered} unanswered{unclear}");
        AddTimes(text, "Answers", http.MedianMilliseconds, http.LongestMilliseconds);
        AddLine(text, "\n| server | protocol | request | count | answers | longest | packet |");
        AddLine(text, "|---|---|---|---|---|---|---|");
        foreach (var row in http.Routes)
        {
            string[] none = row.Unanswered == 0 ? [] : [$"{row.Unanswered} × none"];
            var statuses = string.Join(", ", row.Statuses.Select(status => $"{status.Value} × {status.Key}").Concat(none));
            var longest = row.LongestMilliseconds is { } milliseconds ? Milliseconds(milliseconds) : "";
            var request = $"`{row.Server}` | {string.Join(", ", row.Protocols)} | `{row.Method} {row.Route}`";
            AddLine(text, $"| {request} | {row.Requests} | {statuses} | {longest} | {row.SlowestPacket} |");
        }
    }

    private static void AddTls(StringBuilder text, TlsTotals tls)
    {
        if (tls.Handshakes == 0)
        {
            return;
        }

        AddLine(text, "\n## TLS\n");
        var unclear = tls.Unclear == 0 ? "" : $", {tls.Unclear} of which parts are missing";
        var versions = string.Join(", ", tls.Versions.Select(version => $"{version.Value} of {version.Key}"));
        var chosen = versions.Length == 0 ? "" : $"; {versions}";
        AddLine(text, $"{Words.Count(tls.Handshakes, "handshake")}: {tls.Completed} completed, {tls.Failed} failed{unclear}{chosen}\n");
        AddLine(text, "| server | name | handshakes | failed | versions | ALPN | certificate for | valid until |");
        AddLine(text, "|---|---|---|---|---|---|---|---|");
        foreach (var row in tls.Servers)
        {
            var until = row.CertificateNotAfter is { } end ? Words.Day(end) : "";
            var server = $"`{row.Server}` | {Code(row.Name)} | {row.Handshakes} | {row.Failed} | {string.Join(", ", row.Versions)}";
            AddLine(text, $"| {server} | {Codes(row.Protocols)} | {Codes(row.CertificateNames)} | {until} |");
        }
    }

    private static string Codes(IReadOnlyList<string> all) => string.Join(", ", all.Select(Code));

    private static string Code(string? one) => one is null ? "" : $"`{one}`";

    private static void AddTimes(StringBuilder text, string what, double? median, double? longest)
    {
        if (median is { } half && longest is { } most)
        {
            AddLine(text, $"{what}: half of them within {Milliseconds(half)}, the longest {Milliseconds(most)}");
        }
    }

    private static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.###} ms");

    private static string Time(DateTimeOffset time) => time.ToString("yyyy-MM-dd HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    // Line feeds alone: the text is the same wherever it was made.
    internal static void AddLine(StringBuilder text, string line) => text.Append(line).Append('\n');
}
