using System.Text.Json;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests;

public sealed class OrderReaderTests
{
    [Fact]
    public void Read_WholeOrder_EveryFieldTaken()
    {
        const string body = """
            {"target":{"pod":"shop/web","container":"app","cluster":"staging"},
             "window":{"duration":"5m","snapLength":"full","maxBytes":"64MiB","maxPackets":1000},
             "filter":"tcp port 80","reason":"slow checkout"}
            """;

        var (order, faults) = Read(body);

        Assert.Empty(faults);
        Assert.Equal(
            new CaptureOrder(
                "cf-0000000000000000",
                new CaptureTarget("shop", "web", "app", "staging"),
                new CaptureWindow(TimeSpan.FromMinutes(5), CaptureWindow.FullSnapLength, 64 << 20, 1_000),
                "tcp port 80",
                "tests",
                "slow checkout",
                DateTimeOffset.UnixEpoch),
            order);
    }

    [Fact]
    public void Read_TargetAlone_HeadersOf30Seconds()
    {
        var (order, _) = Read("""{"target":{"pod":"shop/web"}}""");

        Assert.Equal(new CaptureWindow(TimeSpan.FromSeconds(30), CaptureWindow.HeaderSnapLength, 100 << 20), order!.Window);
        Assert.Null(order.Filter);
    }

    [Fact]
    public void Read_ManyFaults_AllNamedAtOnce()
    {
        const string body = """
            {"target":{"pod":"web","node":"n"},"window":{"duration":"soon","snapLength":1.5,"maxBytes":"lots","maxPackets":"x"},"filter":7,"resaon":"typo"}
            """;

        var (order, faults) = Read(body);

        Assert.Null(order);
        Assert.Equal(
            ["filter", "resaon", "target.node", "target.pod", "window.duration", "window.maxBytes", "window.maxPackets", "window.snapLength"],
            faults.Select(f => f.Field!).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("[]", "$")]
    [InlineData("{}", "target")]
    [InlineData("""{"target":"shop/web"}""", "target")]
    [InlineData("""{"target":{"pod":"a/b/c"}}""", "target.pod")]
    [InlineData("""{"target":{"pod":"a/b"},"window":[]}""", "window")]
    public void Read_WrongShape_NamesTheField(string body, string field)
    {
        var (order, faults) = Read(body);

        Assert.Null(order);
        Assert.Equal(field, Assert.Single(faults).Field);
    }

    private static (CaptureOrder? Order, IReadOnlyList<CaptureFault> Faults) Read(string body)
    {
        using var document = JsonDocument.Parse(body);
        return OrderReader.Read(document.RootElement, "cf-0000000000000000", "tests", DateTimeOffset.UnixEpoch);
    }
}
