using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Nodes;

public sealed class NodeFilterTests
{
    private static readonly NodePlace Place = new("node-1", "gce://p/z/i", ["10.0.0.2", "fd00::2"], ["10.244.0.5", "fd01::5"]);

    [Theory]
    [InlineData(null, true, "host 10.244.0.5 or host fd01::5")]
    [InlineData("tcp or udp", true, "(host 10.244.0.5 or host fd01::5) and (tcp or udp)")]
    [InlineData(null, false, "not (tcp port 10250 and (host 10.0.0.2 or host fd00::2))")]
    [InlineData("icmp", false, "(not (tcp port 10250 and (host 10.0.0.2 or host fd00::2))) and (icmp)")]
    public void Of_BothFamilies_AreInTheFilter(string? asked, bool narrow, string expected) =>
        Assert.Equal(expected, NodeFilter.Of(asked, Place, narrow, 10_250));

    [Fact]
    public void Of_AddressThatIsNone_NeverReachesTheFilter() =>
        Assert.Equal("host 10.244.0.5", NodeFilter.Of(null, Place with { PodAddresses = ["10.244.0.5", "1 or tcp"] }, narrow: true, 10_250));

    [Theory]
    [InlineData("tcp) or (udp", false)]
    [InlineData("(tcp", false)]
    [InlineData("(tcp and (port 80 or port 443))", true)]
    [InlineData(null, true)]
    public void Check_ParenthesesThatWouldEscape_AreRefused(string? filter, bool fine) =>
        Assert.Equal(fine, NodeFilter.Check(filter) is null);
}
