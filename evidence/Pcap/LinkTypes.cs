namespace CaptureFlow.Evidence;

/// <summary>The link type numbers that <see cref="LinkFrame"/> takes apart.</summary>
public static class LinkTypes
{
    public const int Ethernet = 1;

    /// <summary>Packets start with the IP header. Some systems write their own number for it, 12.</summary>
    public const int Raw = 101;

    /// <inheritdoc cref="Raw"/>
    public const int RawOfLinux = 12;

    /// <summary>Loopback of BSD and macOS: four bytes of address family, in the byte order of the host that captured.</summary>
    public const int Null = 0;

    /// <summary>Loopback of OpenBSD: the same, in network byte order.</summary>
    public const int Loop = 108;

    /// <summary>Packets are IPv4 alone.</summary>
    public const int IPv4 = 228;

    /// <summary>Packets are IPv6 alone.</summary>
    public const int IPv6 = 229;

    public const int LinuxSll = 113;

    /// <summary>What tcpdump writes for the interface <c>any</c>.</summary>
    public const int LinuxSll2 = 276;
}
