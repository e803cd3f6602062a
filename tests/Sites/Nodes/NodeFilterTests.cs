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
    public void Of_AddressOfTheNodeThatIsNone_NeverReachesTheFilter() =>
        Assert.Equal("not (tcp port 10250 and (host 10.0.0.2))", NodeFilter.Of(null, Place with { Addresses = ["10.0.0.2", "1 or tcp"] }, narrow: false, 10_250));

    [Theory]
    [InlineData("10.244.0.5", "1 or tcp")]
    [InlineData("unknown")]
    [InlineData]
    public void Of_PodWhoseAddressesCannotAllBeRead_IsNotNarrowedToLessOrMore(params string[] addresses) =>
        Assert.Throws<ArgumentException>(() => NodeFilter.Of("tcp", Place with { PodAddresses = addresses }, narrow: true, 10_250));

    [Theory]
    [InlineData("tcp) or (udp", false)]
    [InlineData("(tcp", false)]
    [InlineData("(tcp and (port 80 or port 443))", true)]
    [InlineData(null, true)]
    public void Check_ParenthesesThatWouldEscape_AreRefused(string? filter, bool fine) =>
        Assert.Equal(fine, NodeFilter.Check(filter) is null);
}
