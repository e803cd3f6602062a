using CsCheck;

namespace CaptureFlow.Orchestrations.Tests;

public sealed class OrderRulesTests
{
    private static readonly CaptureOrder Good = new(
        "cf-0000000000000000",
        new CaptureTarget("shop", "web"),
        new CaptureWindow(TimeSpan.FromSeconds(30), CaptureWindow.HeaderSnapLength, 1 << 20),
        "tcp port 80",
        "tests",
        "why not",
        DateTimeOffset.UnixEpoch);

    [Fact]
    public void Check_GoodOrder_NoFaults()
    {
        var faults = OrderRules.Check(Good, new CapturePolicy());

        Assert.Empty(faults);
    }

    [Fact]
    public void Check_SeveralBreaches_AllReportedWithFieldAndRemedy()
    {
        var order = Good with
        {
            Target = new CaptureTarget("Shop", "web_1", "no.label", "Not_A_Name"),
            Window = new CaptureWindow(TimeSpan.FromHours(2), 10, 1, 0),
            Filter = new string('x', CaptureCeilings.FilterLength + 1),
            Reason = "two\nlines",
        };

        var faults = OrderRules.Check(order, new CapturePolicy { Namespaces = ["billing"] });

        Assert.Equal(
            [
                "filter", "reason", "target.cluster", "target.container", "target.pod", "target.pod", "target.pod",
                "window.duration", "window.maxBytes", "window.maxPackets", "window.snapLength",
            ],
            faults.Select(f => f.Field!).Order(StringComparer.Ordinal));
        Assert.All(faults, f => Assert.False(string.IsNullOrWhiteSpace(f.Remedy)));
    }

    [Theory]
    [InlineData(false, null, null, 256, FaultCodes.NodeForbidden)]
    [InlineData(true, "node-2", null, 256, FaultCodes.NodeForbidden)]
    [InlineData(true, "node-1", null, 256, null)]
    [InlineData(true, null, null, 256, null)]
    [InlineData(true, null, null, CaptureWindow.FullSnapLength, null)]
    [InlineData(true, null, "payments", CaptureWindow.FullSnapLength, FaultCodes.PayloadForbidden)]
    public void CheckHostNetwork_PodOnItsNodesNetwork_IsHeldToTheRulesOfTheNode(bool nodes, string? node, string? headerOnly, int snapLength, string? code)
    {
        var order = Good with { Window = Good.Window with { SnapLength = snapLength } };
        CapturePolicy policy = new() { AllowNodes = nodes, Nodes = node is null ? [] : [node], HeaderOnlyNamespaces = headerOnly is null ? [] : [headerOnly] };

        var faults = NodeRules.CheckHostNetwork(order, "node-1", policy);

        Assert.Equal(code, faults.SingleOrDefault()?.Code);
    }

    [Fact]
    public void Check_WholeNode_ForbiddenUnlessPolicySaysSo()
    {
        var order = Good with { Target = new CaptureTarget("", "", Node: "node-1") };

        var byDefault = OrderRules.Check(order, new CapturePolicy { Namespaces = ["billing"] });
        var other = OrderRules.Check(order, new CapturePolicy { AllowNodes = true, Nodes = ["node-2"] });
        var allowed = OrderRules.Check(order, new CapturePolicy { AllowNodes = true, Nodes = ["node-1"], Namespaces = ["billing"] });

        Assert.Equal(FaultCodes.NodeForbidden, Assert.Single(byDefault).Code);
        Assert.Equal(FaultCodes.NodeForbidden, Assert.Single(other).Code);
        Assert.Empty(allowed);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void Check_PayloadOfANode_ForbiddenWhereOthersKeepHeadersUnlessNarrowed(bool? narrow, bool forbidden)
    {
        var order = Good with
        {
            Target = new CaptureTarget("shop", "web", Method: CaptureMethods.Node, Narrow: narrow),
            Window = Good.Window with { SnapLength = CaptureWindow.FullSnapLength },
        };

        var faults = OrderRules.Check(order, new CapturePolicy { AllowNodes = true, HeaderOnlyNamespaces = ["billing"] });

        Assert.Equal(forbidden, faults.Any(f => f.Code == FaultCodes.PayloadForbidden));
    }

    [Theory]
    [InlineData("sideways", null, "target.method")]
    [InlineData("node", "app", "target.container")]
    public void Check_MethodThatDoesNotFit_NamesTheField(string method, string? container, string field)
    {
        var order = Good with { Target = new CaptureTarget("shop", "web", container, Method: method) };

        Assert.Equal(field, Assert.Single(OrderRules.Check(order, new CapturePolicy())).Field);
    }

    [Theory]
    [InlineData("shop", false)]
    [InlineData("billing", true)]
    public void Check_PayloadInHeaderOnlyNamespace_Forbidden(string headerOnly, bool allowed)
    {
        var order = Good with { Window = Good.Window with { SnapLength = CaptureWindow.FullSnapLength } };

        var faults = OrderRules.Check(order, new CapturePolicy { HeaderOnlyNamespaces = [headerOnly] });

        Assert.Equal(allowed, faults.All(f => f.Code != FaultCodes.PayloadForbidden));
    }

    [Fact]
    public void Check_OptionsAboveTheCeiling_CeilingHolds()
    {
        var order = Good with { Window = Good.Window with { Duration = CaptureCeilings.Duration + TimeSpan.FromSeconds(1), MaxBytes = CaptureCeilings.Bytes + 1 } };

        var faults = OrderRules.Check(order, new CapturePolicy { MaxDuration = TimeSpan.FromDays(1), MaxBytes = long.MaxValue });

        Assert.Equal([FaultCodes.WindowOverPolicy, FaultCodes.BytesOverPolicy], faults.Select(f => f.Code));
    }

    [Fact]
    public void ByteBound_AnyCountedWindow_IsReachedByWorstCaseAndNeverPassed()
    {
        var windows = from snap in Gen.Int[64, CaptureWindow.CountedSnapLength]
                      from bytes in Gen.Long[CaptureWindow.FileHeaderBytes + CaptureWindow.RecordHeaderBytes + snap, 1L << 33]
                      from packets in Gen.Long[1, 1L << 30].Nullable()
                      select new CaptureWindow(TimeSpan.FromSeconds(1), snap, bytes, packets);

        windows.Sample(window =>
            window.PacketBound >= 1
            && window.ByteBound == 24 + (window.PacketBound * (16 + window.SnapLength))
            && window.ByteBound <= window.MaxBytes
            && (window.MaxPackets is not { } asked || window.PacketBound <= asked));
    }

    [Fact]
    public void ByteBound_FullSnapLength_IsTheBytesAskedUnlessFewPackets()
    {
        var window = new CaptureWindow(TimeSpan.FromSeconds(1), CaptureWindow.FullSnapLength, 100 << 20);

        Assert.Null(window.PacketBound);
        Assert.Equal(100 << 20, window.ByteBound);
        Assert.Equal(24 + (2 * (16 + CaptureWindow.FullSnapLength)), (window with { MaxPackets = 2 }).ByteBound);
    }
}
