namespace CaptureFlow.Evidence;

/// <summary>The link type numbers that <see cref="LinkFrame"/> takes apart.</summary>
public static class LinkTypes
{
    public const int Ethernet = 1;

    /// <summary>Packets start with the IP header. Some systems write their own number for it, 12.</summary>
    public const int Raw = 101;

    /// <inheritdoc cref="Raw"/>
    public const int RawOfLinux = 12;

    public const int LinuxSll = 113;

    /// <summary>What tcpdump writes for the interface <c>any</c>.</summary>
    public const int LinuxSll2 = 276;
}
