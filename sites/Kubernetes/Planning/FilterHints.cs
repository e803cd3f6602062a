using System.Text.RegularExpressions;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What somebody may have meant whose filter tcpdump does not compile. Words of the filter alone, never resolved. Pure.</summary>
internal static partial class FilterHints
{
    /// <summary>The language of man pcap-filter; a word of a filter that is none of these is a name, or a slip.</summary>
    private static readonly HashSet<string> Words = new(
        [
            "host", "net", "port", "portrange", "proto", "protochain", "src", "dst", "and", "or", "not", "mask", "gateway", "broadcast", "multicast",
            "ether", "vlan", "mpls", "pppoes", "geneve", "ip", "ip6", "arp", "rarp", "tcp", "udp", "icmp", "icmp6", "sctp", "igmp", "esp", "ah", "len",
            "less", "greater", "inbound", "outbound", "ifname", "ifindex", "tcpflags", "tcp-syn", "tcp-ack", "tcp-fin", "tcp-rst", "tcp-push", "tcp-urg",
        ],
        StringComparer.Ordinal);

    /// <summary>A remedy that starts with the likely slip, where there is one.</summary>
    public static string Remedy(string? filter)
    {
        const string General = "Write it as on tcpdump's command line; see man pcap-filter.";
        if (filter is null)
        {
            return General;
        }

        if (DisplayFilter().IsMatch(filter))
        {
            return "This reads like a display filter of Wireshark. A capture filter is written e.g. tcp port 443, host 10.0.0.1 or udp port 53; see man pcap-filter.";
        }

        foreach (var word in Word().Matches(filter).Select(match => match.Value).Where(word => !Words.Contains(word)))
        {
            if (NearestName.Of(word, Words) is { } near)
            {
                return $"Did you mean {near} where it says {word}? {General}";
            }
        }

        return General;
    }

    [GeneratedRegex(@"\b(ip|ipv6|tcp|udp|http|http2|dns|tls|eth|frame|icmp|arp)\.[a-z]|(?<!port\s+)\b(http|https|dns|tls|grpc)\b\s*($|&&|\|\||and\b|or\b|\))", RegexOptions.CultureInvariant)]
    private static partial Regex DisplayFilter();

    [GeneratedRegex(@"(?<![\w.:\-])[a-zA-Z][a-zA-Z0-9\-]{2,}(?![\w.:\-])", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
