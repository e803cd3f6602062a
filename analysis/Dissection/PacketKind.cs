namespace CaptureFlow.Analysis;

/// <summary>Which analysis a packet is for.</summary>
internal enum PacketKind
{
    /// <summary>None of the below; its link layer was understood.</summary>
    Other,

    /// <summary>A link type, or a link header, that is not taken apart.</summary>
    UnknownLink,

    /// <summary>Its headers are cut, or contradict themselves.</summary>
    Malformed,
    Arp,
    OtherIp,
    Icmp,
    Icmp6,
    Udp,
    Tcp,
}
