using System.Globalization;
using System.Net;

namespace CaptureFlow.Analysis.Tests;

/// <summary>What is counted of each connection is what tshark counts of it.</summary>
public sealed class JudgedCountsTests
{
    [Fact]
    public async Task Counts_LossyTransfers_AreThoseOfTshark()
    {
        Needs.Packages("tshark");
        CaptureMaker capture = new();
        for (var seed = 0; seed < 60; seed++)
        {
            new LossyTransfer(capture, seed, new(IPAddress.Parse("10.0.0.1"), 40_000 + seed), new(IPAddress.Parse("10.0.0.2"), 80)).Run();
        }

        using TemporaryFile file = new(capture.Sorted().ToPcap());

        var ours = await TcpCounts.OfOursAsync(file.FullName);

        Assert.Empty(TcpCounts.Differences(ours, await TcpCounts.OfTsharkAsync(file.FullName)));

        // What is compared is there.
        Assert.Equal(60, ours.Count);
        Assert.All(
            ["tcp.analysis.retransmission", "tcp.analysis.fast_retransmission", "tcp.analysis.out_of_order", "tcp.analysis.lost_segment", "tcp.analysis.duplicate_ack"],
            field => Assert.True(ours.Values.Sum(counts => counts[field]) > 10, field));
    }

    [Fact]
    public async Task Counts_FaultsOneByOne_AreThoseOfTshark()
    {
        Needs.Packages("tshark");
        using TemporaryFile file = new(Faults.All().ToPcapng());

        var ours = await TcpCounts.OfOursAsync(file.FullName);

        Assert.Empty(TcpCounts.Differences(ours, await TcpCounts.OfTsharkAsync(file.FullName)));
        Assert.All(
            ["resets", "tcp.analysis.retransmission", "tcp.analysis.zero_window", "tcp.analysis.zero_window_probe", "tcp.analysis.keep_alive", "tcp.analysis.reused_ports"],
            field => Assert.True(ours.Values.Sum(counts => counts[field]) > 0, field));
    }

    [Fact]
    public async Task Dns_OfFaults_IsCountedAsByTshark()
    {
        Needs.Packages("tshark");
        using TemporaryFile file = new(Faults.All().ToPcap());

        var rows = await Tshark.FieldsAsync(file.FullName, "dns", "dns.flags.response", "dns.flags.rcode", "dns.time");
        await using var stream = File.OpenRead(file.FullName);
        var dns = (await CaptureAnalyzer.AnalyzeAsync(stream, new(), default)).Dns;

        Assert.Equal(rows.Count(row => row[0] == "0"), dns.Queries);
        Assert.Equal(rows.Count(row => row[0] == "1"), dns.Answers);
        Assert.Equal(rows.Count(row => row[1] == "3"), dns.NoSuchName);
        Assert.Equal(rows.Count(row => row[1] == "2"), dns.ServerFailures);
        Assert.Equal(rows.Where(row => row[2].Length > 0).Max(row => double.Parse(row[2], CultureInfo.InvariantCulture)) * 1e3, dns.LongestMilliseconds!.Value, 3);
        Assert.True(dns is { NoSuchName: > 0, ServerFailures: > 0, Unanswered: > 0 });
    }
}
