using System.Net;

namespace CaptureFlow.Analysis;

/// <summary>An address, and what is shown in its place.</summary>
/// <param name="Address">IPv4 or IPv6.</param>
/// <param name="Name">Without a zero byte; cut to 255 bytes of UTF-8.</param>
public sealed record NamedAddress(IPAddress Address, string Name);
