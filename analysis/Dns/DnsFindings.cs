namespace CaptureFlow.Analysis;

/// <summary>What is found of questions to DNS. The subject of each is the name that was asked for.</summary>
internal static class DnsFindings
{
    public static readonly FindingKind Unanswered = new(
        "dns-unanswered", FindingSeverity.Error,
        group => $"{Words.Count(group.Of, "DNS question")} unanswered, asked {group.Count("time")} of {group.Detail}",
        "The DNS server is down or overloaded, or questions or answers are dropped on the way: a NetworkPolicy without UDP port 53, a full conntrack table. Callers wait for seconds.");

    public static readonly FindingKind ServerFailure = new(
        "dns-servfail", FindingSeverity.Error,
        group => $"{group.Count("DNS answer")} SERVFAIL by {group.Detail}",
        "The DNS server could not get the answer: its own upstream does not answer, or the zone is broken. Look at the logs of CoreDNS.");

    public static readonly FindingKind NoSuchName = new(
        "dns-nxdomain", FindingSeverity.Warning,
        group => $"{group.Count("DNS answer")} NXDOMAIN by {group.Detail}",
        "No such name: it is misspelled, the Service or namespace is another, or it is one of the search domains that are tried first (ndots), which is only slow.");
}
