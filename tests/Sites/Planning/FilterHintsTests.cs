using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Planning;

public sealed class FilterHintsTests
{
    [Theory]
    [InlineData("tcpp port 443", "Did you mean tcp where it says tcpp?")]
    [InlineData("tcp prot 443", "Did you mean port where it says prot?")]
    [InlineData("hots 10.0.0.1", "Did you mean host where it says hots?")]
    [InlineData("tcp.port == 443", "This reads like a display filter of Wireshark.")]
    [InlineData("ip.addr == 10.0.0.1 && tcp", "This reads like a display filter of Wireshark.")]
    [InlineData("http", "This reads like a display filter of Wireshark.")]
    [InlineData("dns or http", "This reads like a display filter of Wireshark.")]
    // Names of services and hosts are no slips, and no words of Wireshark's.
    [InlineData("tcp port http and (", "Write it as on tcpdump's command line")]
    [InlineData("host orders.shop.svc and and", "Write it as on tcpdump's command line")]
    [InlineData("port 99999", "Write it as on tcpdump's command line")]
    [InlineData(null, "Write it as on tcpdump's command line")]
    public void Remedy_OfAFilterThatDoesNotCompile_StartsWithTheLikelySlip(string? filter, string start) =>
        Assert.StartsWith(start, FilterHints.Remedy(filter), StringComparison.Ordinal);

    [Fact]
    public async Task Look_TheExampleThatTheRemedyGives_Compiles()
    {
        var check = new FilterCheck(TimeProvider.System);

        foreach (var filter in (string[])["tcp port 443", "host 10.0.0.1", "udp port 53"])
        {
            Assert.Contains(filter, FilterHints.Remedy("http"), StringComparison.Ordinal);
            Assert.Null((await check.LookAsync(filter, CancellationToken.None)).Complaint);
        }
    }
}
