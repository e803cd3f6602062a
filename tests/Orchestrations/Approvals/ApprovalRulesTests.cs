namespace CaptureFlow.Orchestrations.Tests.Approvals;

public sealed class ApprovalRulesTests
{
    [Theory]
    [InlineData("shop", 256, false, 0)]
    [InlineData("payments", 256, false, 1)]
    [InlineData("shop", 257, false, 0)]
    [InlineData("shop", 256, true, 0)]
    [InlineData("shop", 257, true, 1)]
    [InlineData("payments", 262_144, true, 2)]
    public void For_NamespaceAndPayload_NamesEachReason(string @namespace, int snapLength, bool fullPayload, int reasons)
    {
        CapturePolicy policy = new() { ApprovalNamespaces = ["payments"], ApproveFullPayload = fullPayload, ApprovalWithin = TimeSpan.FromMinutes(7) };

        var terms = ApprovalRules.For(@namespace, new(TimeSpan.FromSeconds(5), snapLength, 1 << 20), policy);

        Assert.Equal(reasons, terms?.Why.Count ?? 0);
        Assert.Equal(reasons == 0 ? null : TimeSpan.FromMinutes(7), terms?.Within);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public void For_WholeNode_IsAskedForWhereAnyNamespaceIs(bool namespaces, int reasons)
    {
        CapturePolicy policy = new() { ApprovalNamespaces = namespaces ? ["payments"] : [] };

        Assert.Equal(reasons, ApprovalRules.For(string.Empty, new(TimeSpan.FromSeconds(5), 256, 1 << 20), policy, wholeNode: true)?.Why.Count ?? 0);
    }

    [Theory]
    [InlineData("key:alice", "key:bob", true, true)]
    [InlineData("key:alice", "key:alice", true, false)]
    [InlineData("key:alice", "key:alice", false, true)]
    [InlineData("function-key", "function-key", true, false)]
    [InlineData("anonymous", "anonymous", true, false)]
    [InlineData("function-key", "aad:t/o", true, true)]
    public void Counts_YesToOnesOwn_DoesNot(string requester, string decider, bool yes, bool counts)
    {
        Assert.Equal(counts, ApprovalRules.Counts(new(yes, decider, "a name", null, DateTimeOffset.UnixEpoch), requester));
    }
}
