using CaptureFlow.Functions.Reaping;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests;

public sealed class AuditTests
{
    private static readonly DateTimeOffset Noon = FakeEvidence.Noon;
    private static readonly LiveGrant Grant = new("prod", "shop", CaptureIds.New(), "ada", "slow", Noon.AddSeconds(-90), Noon.AddMinutes(5));
    private static readonly SweepFinding Found = new("rolebinding", "shop", Grant.CaptureId, Grant.CaptureId, Noon.AddSeconds(-1), SweepOutcome.Overdue, "prod");
    private static readonly CaptureFault Fault = new(FaultCodes.ClusterUnavailable, "No.", "Do.");

    [Fact]
    public void Of_Nothing_IsTheStatement()
    {
        var audit = AuditView.Of(new(Noon, [], [], [], ["prod", "staging"]), null);

        Assert.Equal(AuditState.None, audit.State);
        Assert.Equal("No standing access: at 2026-03-04 12:00:00Z CaptureFlow had no grant and no tap past its deadline in clusters prod, staging.", audit.Statement);
    }

    [Fact]
    public void Of_Live_SaysAgeAndOwner()
    {
        var audit = AuditView.Of(new(Noon, [Grant], [], [], ["prod"]), null);

        Assert.Equal((AuditState.Live, 90, "ada"), (audit.State, Assert.Single(audit.Grants).AgeSeconds, audit.Grants[0].RequestedBy));
        Assert.Contains("1 grant is live, for 90 s", audit.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_ExpiryBeyondAnyCeiling_SaidWithDays()
    {
        var claims = Grant with { ClaimedExpiresAt = Grant.ExpiresAt.AddDays(26_600) };

        var one = AuditView.Of(new(Noon, [Grant, claims], [], [], ["prod"]), null);
        var two = AuditView.Of(new(Noon, [claims, claims], [], [Fault], ["prod"]), null);

        Assert.Equal([null, claims.ClaimedExpiresAt], one.Grants.Select(grant => grant.ClaimedExpiresAt));
        Assert.Contains(
            $"shop/{Grant.CaptureId} claims an expiry 26600 days beyond any capture's: it is taken back at 2026-03-04 12:05:00Z all the same.", one.Statement, StringComparison.Ordinal);
        Assert.EndsWith("; 1 more does so too.", two.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_CouldNotLook_IsNeverTheStatement()
    {
        var audit = AuditView.Of(new(Noon, [], [], [Fault], ["prod"]), null);

        Assert.Equal(AuditState.Unknown, audit.State);
        Assert.Equal("Not known: 1 could not be looked at in cluster prod.", audit.Statement);
    }

    [Fact]
    public void Of_CouldNotLookEverywhere_SaysWhatLivesElsewhere()
    {
        var audit = AuditView.Of(new(Noon, [Grant], [], [Fault], ["prod", "staging"]), null);

        Assert.Equal("Not known: 1 could not be looked at in clusters prod, staging; elsewhere 1 grant is live, for 90 s.", audit.Statement);
    }

    [Fact]
    public void Of_OverdueAndMore_OverdueWeighsMost()
    {
        var audit = AuditView.Of(new(Noon, [Grant], [Found], [Fault], ["prod"]), null);

        Assert.Equal(AuditState.Overdue, audit.State);
        Assert.StartsWith("Overdue: 1 should be gone and is still there", audit.Statement, StringComparison.Ordinal);
    }

    [Fact]
    public void OfSweep_WhatIsGone_IsTakenAndNotOverdue()
    {
        SweepFinding gone = Found with { Outcome = SweepOutcome.Removed }, kept = Found with { Outcome = SweepOutcome.Failed, Name = "other" };

        var clean = AuditView.OfSweep(new(Noon, [], [gone], [], ["prod"]));
        var left = AuditView.OfSweep(new(Noon, [], [gone, kept], [], ["prod"]));

        Assert.Equal((AuditState.None, gone), (clean.State, Assert.Single(clean.Taken!)));
        Assert.Equal((AuditState.Overdue, kept), (left.State, Assert.Single(left.Overdue)));
        Assert.Equal(gone, Assert.Single(left.Taken!));
    }
}
