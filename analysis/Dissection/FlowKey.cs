namespace CaptureFlow.Analysis;

/// <summary>
/// Who talks with whom, where: both directions are one flow. The interface is part of it, so that a packet that a node forwards from one interface to
/// another is not taken for two packets of one connection.
/// </summary>
internal readonly record struct FlowKey(Address A, Address B, int PortA, int PortB, int Interface)
{
    /// <summary>The flow of a packet, and whether the packet goes from A to B.</summary>
    public static FlowKey Of(Packet packet, out bool forward)
    {
        var order = packet.Source.CompareTo(packet.Destination);
        forward = order < 0 || (order == 0 && packet.SourcePort <= packet.DestinationPort);
        return forward
            ? new(packet.Source, packet.Destination, packet.SourcePort, packet.DestinationPort, packet.Interface)
            : new(packet.Destination, packet.Source, packet.DestinationPort, packet.SourcePort, packet.Interface);
    }

    public override int GetHashCode() => HashCode.Combine(A.High ^ B.High, A.Low, B.Low, ((long)PortA << 32) | (uint)(PortB << 16) | (ushort)Interface);
}
