using CaptureFlow.Local.CommandLine;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.Tests.CommandLine;

public sealed class PlainViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Show_WaitingForOthers_SaysForWhatOnceEach()
    {
        StringWriter output = new() { NewLine = "\n" };
        PlainView view = new(output);
        ApprovalState approval = new(["Two look."], "A caller with the role approver, other than alice.", Start.AddMinutes(30));
        CaptureStatus asked = new() { Id = FakeServer.Id, Status = CaptureState.AwaitingApproval, Progress = new(CaptureState.AwaitingApproval, []) { Approval = approval } };
        CaptureStatus third = new() { Id = FakeServer.Id, Status = CaptureState.Queued, Queue = new(3, "concurrent captures (1 of 1)", Start, Start.AddHours(1)) };

        view.Show(asked);
        view.Show(asked);
        view.Show(third);
        view.Show(third with { Queue = third.Queue with { Place = 2 } });

        Assert.Equal(
            """
            capture cf-0123456789abcdef accepted
            approval  waiting for approval until 10:30:00.000Z: Two look. A caller with the role approver, other than alice.
            line      place 3 in line for concurrent captures (1 of 1), until 11:00:00.000Z
            line      place 2 in line for concurrent captures (1 of 1), until 11:00:00.000Z

            """,
            output.ToString());
    }

    [Fact]
    public void Show_TheSameStatusOverAndOver_OneLinePerThingThatHappened()
    {
        StringWriter output = new() { NewLine = "\n" };
        PlainView view = new(output);
        StepRecord plan = new(CaptureSteps.PlanCapture, Start, Start.AddSeconds(0.12));
        StepRecord window = new(CaptureSteps.CaptureWindow, Start.AddSeconds(1));
        CaptureStatus running = new()
        {
            Id = FakeServer.Id,
            Status = CaptureState.Capturing,
            Progress = new(CaptureState.Capturing, [plan, window], 1_234, Start.AddSeconds(1), Start.AddSeconds(11)),
        };

        view.Show(FakeServer.Status(CaptureState.Planning));
        view.Show(running);
        view.Show(running);
        view.Show(running with { Progress = running.Progress with { Timeline = [plan, window with { EndedAt = Start.AddSeconds(11) }], Bytes = 56_789 } });
        view.Show(FakeServer.Status(CaptureState.Failed, plan, window, new(CaptureSteps.FinishCapture, Start, Start.AddSeconds(2), "pod-gone")));

        Assert.Equal(
            """
            capture cf-0123456789abcdef accepted
            plan      done in 0.1 s
            capture   listening for 10s, until 10:00:11Z
            capture   done in 10.0 s, 56.8 kB seen
            finish    pod-gone in 2.0 s

            """,
            output.ToString());
    }
}
