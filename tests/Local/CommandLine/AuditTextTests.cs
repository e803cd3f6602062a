using CaptureFlow.Functions.Reaping;
using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class AuditTextTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Write_LiveAndOverdue_SaysAgesAsPeopleDo()
    {
        var audit = new AuditView
        {
            At = Noon,
            State = AuditState.Overdue,
            Statement = "The statement.",
            Grants = [new("prod", "shop", "cf-live", "ann", "slow checkout", Noon.AddSeconds(-4_830.7), Noon.AddMinutes(5), 4_830.7) { ClaimedExpiresAt = Noon.AddMinutes(5).AddDays(26_600.25) }],
            Overdue = [new("rolebinding", "shop", "cf-late", "cf-late", Noon.AddSeconds(-90.2), SweepOutcome.Overdue, "prod")],
            Faults = [],
            Clusters = ["prod"],
        };
        StringWriter output = new() { NewLine = "\n" };

        AuditText.Write(audit, output);

        Assert.Equal(
            """
            live     prod shop cf-live  1h20m30s old, until 12:05:00Z, for ann: slow checkout
            beyond   prod shop cf-live  claims to last until 2098-12-31, 26600.3 days beyond any capture's ceiling; see who made it
            OVERDUE  prod rolebinding shop/cf-late  for 1m30s; the reaper takes it back within a minute where one runs
            The statement.

            """.ReplaceLineEndings("\n"),
            output.ToString());
    }
}
