namespace CaptureFlow.Local.CommandLine;

/// <summary>What a capture of a pod behind a TLS-terminating proxy shows on each side of the proxy.</summary>
/// <param name="LoopbackPackets">Packets between the application and its proxy.</param>
/// <param name="LoopbackPlaintext">Those that carry HTTP in the clear.</param>
/// <param name="LoopbackExample">The first request line among them.</param>
/// <param name="WirePackets">Packets on the pod's own interface.</param>
/// <param name="WireTls">Those that carry a TLS record.</param>
/// <param name="WirePlaintext">Those that carry HTTP in the clear; 0 where the proxy does its work.</param>
internal sealed record SeenTraffic(
    long LoopbackPackets, long LoopbackPlaintext, string? LoopbackExample, long WirePackets, long WireTls, long WirePlaintext)
{
    /// <summary>Plaintext on loopback, TLS and nothing else on the wire.</summary>
    public bool Holds => LoopbackPlaintext > 0 && WireTls > 0 && WirePlaintext == 0;
}
