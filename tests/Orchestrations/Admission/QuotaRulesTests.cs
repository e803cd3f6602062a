namespace CaptureFlow.Orchestrations.Tests.Admission;

public sealed class QuotaRulesTests
{
    private static readonly CaptureOrder Order = new(
        "cf-0000000000000000", new("shop", "web"), new(TimeSpan.FromSeconds(90), CaptureWindow.FullSnapLength, 1_000_000), null, "Alice", null, DateTimeOffset.UnixEpoch) { RequesterId = "aad:t/alice" };

    private static readonly CaptureQuotas All = new()
    {
        PerCaller = new() { Concurrent = 1, BytesPerDay = 2_000, PayloadMinutesPerDay = 3 },
        PerNamespace = new() { Concurrent = 4 },
        PerNode = new() { Concurrent = 5 },
        PerCluster = new() { BytesPerDay = 6_000 },
    };

    [Fact]
    public void For_NothingConfigured_AsksNobody() => Assert.Null(QuotaRules.For(Plan(Order), new CaptureQuotas()));

    [Fact]
    public void For_OneCapture_ClaimsWhatIsLimited()
    {
        var terms = QuotaRules.For(Plan(Order), All)!;

        Assert.Equal(
            [
                "Concurrent/Caller/aad:t/alice 1 of 1", "BytesPerDay/Caller/aad:t/alice 1000000 of 2000", "PayloadSecondsPerDay/Caller/aad:t/alice 90 of 180",
                "Concurrent/Namespace/shop 1 of 4", "Concurrent/Node/node-1 1 of 5", "BytesPerDay/Cluster/default 1000000 of 6000",
            ],
            terms.Claims.Select(claim => $"{claim.Key} {claim.Amount} of {claim.Limit}"));
        Assert.Equal((true, TimeSpan.FromHours(1), TimeSpan.FromMinutes(10)), (terms.Queue, terms.MaxWait, terms.Lifetime));
    }

    [Fact]
    public void For_HeadersOnly_TakesNoPayloadMinutes()
    {
        var order = Order with { Window = Order.Window with { SnapLength = CaptureWindow.HeaderSnapLength } };

        Assert.DoesNotContain(QuotaRules.For(Plan(order), All)!.Claims, claim => claim.Kind == QuotaKind.PayloadSecondsPerDay);
    }

    [Fact]
    public void For_AnotherCluster_HasQuotasOfItsOwn()
    {
        var claims = QuotaRules.For(Plan(Order with { Target = Order.Target with { Cluster = "staging" } }), All)!.Claims;

        Assert.Equal(["aad:t/alice", "staging", "staging/node-1", "staging/shop"], claims.Select(claim => claim.Name).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public void For_Fleet_ClaimsForAllItsPodsAndEachNodesOwn()
    {
        FleetOrder order = new("cf-ffffffffffffffff", new("shop", null, "app=web"), Order.Window, null, "key:bob", null, DateTimeOffset.UnixEpoch);
        FleetPlan plan = new([new("a", "cf-a"), new("b", "cf-b"), new("c", "cf-c")], []) { Nodes = new Dictionary<string, int> { ["n1"] = 2, ["n2"] = 1 } };

        var claims = QuotaRules.For(order, plan, All)!.Claims;

        Assert.Equal(
            [("key:bob", 3L), ("shop", 3L), ("n1", 2L), ("n2", 1L)],
            claims.Where(claim => claim.Kind == QuotaKind.Concurrent).Select(claim => (claim.Name, claim.Amount)));
        Assert.Equal(3_000_000, claims.Single(claim => claim is { Kind: QuotaKind.BytesPerDay, Scope: QuotaScope.Cluster }).Amount);
    }

    private static CapturePlan Plan(CaptureOrder order) =>
        new(order, "pod", "uid", "node-1", "image", ["tcpdump"], 10, order.Window.ByteBound, TimeSpan.FromMinutes(10), "all", [], DateTimeOffset.UnixEpoch);
}
