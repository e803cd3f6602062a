namespace CaptureFlow.Analysis;

/// <summary>What the network itself says of packets, and of addresses.</summary>
internal static class NetworkFindings
{
    public static readonly FindingKind Unreachable = new(
        "icmp-unreachable", FindingSeverity.Error,
        group => $"{group.Count("time")} {group.Detail}",
        "Port unreachable: nothing listens on that UDP port. Network or host unreachable: a route is missing, or the host is gone. Prohibited: a firewall rejects, and says so.");

    public static readonly FindingKind TooBig = new(
        "icmp-packet-too-big", FindingSeverity.Warning,
        group => $"{group.Count("packet")} too big for the way, {group.Detail}",
        "The path takes smaller packets than the sender's interface: a tunnel, a VPN, an overlay. Harmless when the sender then sends smaller ones; when it goes on the same, its connections hang after the handshake.");

    public static readonly FindingKind TimeExceeded = new(
        "icmp-time-exceeded", FindingSeverity.Warning,
        group => $"{group.Count("time")} {group.Detail}",
        "A routing loop, or somebody who runs traceroute. Of fragments: some were lost on the way.");

    public static readonly FindingKind AddressConflict = new(
        "address-conflict", FindingSeverity.Error,
        group => $"two stations claim the address in turn, {group.Count("time")}: {group.Detail}",
        "Two interfaces have the same address, so that packets reach now the one, now the other: an address that was given twice, or a fail-over pair of which both are active.");

    public static readonly FindingKind AddressMoved = new(
        "address-moved", FindingSeverity.Note,
        group => $"the address went to another station, {group.Count("time")}: {group.Detail}",
        "A fail-over, or an address that was given to another pod. Who still has the old station in its cache cannot reach it for a while.");
}
