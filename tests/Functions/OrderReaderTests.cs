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

    [Theory]
    [InlineData("""{"target":{"pod":"shop/web"},"window":{"duration":"2h"}}""", "window.duration", "over the 15 min that policy allows")]
    [InlineData("""{"target":{"pod":"shop/web"},"window":{"maxBytes":"9GiB"}}""", "window.maxBytes", "over the 2,147,483,648 bytes (2.1 GB) that policy allows")]
    [InlineData("""{"target":{"namespace":"shop","selector":"app=web","maxPods":51}}""", "target.maxPods", "outside the 1 to 10 that policy allows")]
    public void Read_BeyondSeveralLimits_NamesTheSmallest(string body, string field, string limit)
    {
        var (order, faults) = Read(body);

        Assert.Null(order);
        Assert.Equal(field, Assert.Single(faults).Field);
        Assert.Contains(limit, faults[0].Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"target":{"pod":"shop/web"},"window":{"duration":"1h","maxBytes":"8GiB"}}""")]
    [InlineData("""{"target":{"namespace":"shop","selector":"app=web","maxPods":50}}""")]
    public void Read_BeyondPolicyAlone_IsThePlansToRefuse(string body) => Assert.Empty(Read(body).Faults);

    [Fact]
    public void Read_ManyFaults_AllNamedAtOnce()
    {
        const string body = """
            {"target":{"pod":"web","nodes":"n"},"window":{"duration":"soon","snapLength":1.5,"maxBytes":"lots","maxPackets":"x"},"filter":7,"resaon":"typo"}
            """;

        var (order, faults) = Read(body);

        Assert.Null(order);
        Assert.Equal(
            ["filter", "resaon", "target.nodes", "target.pod", "window.duration", "window.maxBytes", "window.maxPackets", "window.snapLength"],
            faults.Select(f => f.Field!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Read_WorkloadWithPortAndCap_BecomesAFleet()
    {
        const string body = """
            {"target":{"namespace":"shop","workload":"deployment/web","maxPods":3},"filter":{"expression":"tcp","port":8080,"service":"web"}}
            """;

        var (order, faults) = ReadFleet(body);

        Assert.Empty(faults);
        Assert.Equal(new FleetTarget("shop", "deployment/web", null, null, 3), order!.Target);
        Assert.Equal(("tcp", new PortFilter("8080", "web")), (order.Filter, order.Ports));
    }

    [Fact]
    public void Read_NamespaceBesideThePod_IsTheSameTarget()
    {
        var (order, _) = Read("""{"target":{"namespace":"shop","pod":"web"}}""");

        Assert.Equal(new CaptureTarget("shop", "web"), order!.Target);
    }

    [Fact]
    public void Read_Node_ByItsNameByAPodAndByTheMethod()
    {
        var named = Read("""{"target":{"node":"node-1","cluster":"staging"}}""").Order!.Target;
        // Named or not, the default cluster is one cluster, for quotas and cool-downs too.
        var inFull = Read("""{"target":{"node":{"name":"node-1"},"cluster":"default"}}""").Order!.Target;
        var ofPod = Read("""{"target":{"node":{"pod":"shop/web"}}}""").Order!.Target;
        var whole = Read("""{"target":{"node":{"pod":"shop/web","narrow":false}}}""").Order!.Target;
        var byMethod = Read("""{"target":{"pod":"shop/web","method":"auto"}}""").Order!.Target;

        Assert.Equal(new CaptureTarget("", "", Cluster: "staging", Node: "node-1"), named);
        Assert.Equal(new CaptureTarget("", "", Node: "node-1"), inFull);
        Assert.Equal(new CaptureTarget("shop", "web", Method: "node"), ofPod);
        Assert.Equal(new CaptureTarget("shop", "web", Method: "node", Narrow: false), whole);
        Assert.Equal(new CaptureTarget("shop", "web", Method: "auto"), byMethod);
        Assert.Equal((true, false, true), (named.SeesWholeNode, ofPod.SeesWholeNode, whole.SeesWholeNode));
    }

    [Theory]
    [InlineData("""{"target":{"node":7}}""", "target.node")]
    [InlineData("""{"target":{"node":{}}}""", "target.node")]
    [InlineData("""{"target":{"node":{"name":"n","pod":"a/b"}}}""", "target.node")]
    [InlineData("""{"target":{"node":{"pod":"web"}}}""", "target.node.pod")]
    [InlineData("""{"target":{"node":{"pod":"a/b","narrow":"no"}}}""", "target.node.narrow")]
    [InlineData("""{"target":{"node":{"name":"n","narrow":true}}}""", "target.node.narrow")]
    [InlineData("""{"target":{"node":{"name":"n","zone":"z"}}}""", "target.node.zone")]
    [InlineData("""{"target":{"node":"n","pod":"a/b"}}""", "target.node")]
    [InlineData("""{"target":{"node":"n","namespace":"a"}}""", "target.namespace")]
    [InlineData("""{"target":{"node":"n","container":"app"}}""", "target.container")]
    [InlineData("""{"target":{"namespace":"shop","selector":"app=web","method":"node"}}""", "target.method")]
    [InlineData("""{"target":{"selector":"app=web"}}""", "target.namespace")]
    [InlineData("""{"target":{"namespace":"shop"}}""", "target.pod")]
    [InlineData("""{"target":{"namespace":"shop","pod":"web","selector":"app=web"}}""", "target.pod")]
    [InlineData("""{"target":{"namespace":"shop","workload":"deployment/web","selector":"app=web"}}""", "target.pod")]
    [InlineData("""{"target":{"pod":"shop/web","maxPods":2}}""", "target.maxPods")]
    [InlineData("""{"target":{"namespace":"shop","selector":"app=web","maxPods":"two"}}""", "target.maxPods")]
    [InlineData("""{"target":{"pod":"shop/web"},"filter":{"port":"http","proto":"tcp"}}""", "filter.proto")]
    public void Read_TargetThatIsNone_NamesTheField(string body, string field)
    {
        var (order, faults) = ReadFleet(body);

        Assert.Null(order);
        Assert.Equal(field, Assert.Single(faults).Field);
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
        var (order, faults) = OrderReader.Read(document.RootElement, "cf-0000000000000000", "tests", DateTimeOffset.UnixEpoch, new());
        return (order?.Capture, faults);
    }

    private static (FleetOrder? Order, IReadOnlyList<CaptureFault> Faults) ReadFleet(string body)
    {
        using var document = JsonDocument.Parse(body);
        var (order, faults) = OrderReader.Read(document.RootElement, "cf-0000000000000000", "tests", DateTimeOffset.UnixEpoch, new());
        return (order?.Fleet, faults);
    }
}
