using CaptureFlow.Local.Durable;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Storage;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>Who wins, and what becomes of the loser.</summary>
public sealed class RaceTests
{
    private readonly TurnScript _script = new();

    [Fact]
    public void Race_TimerBeatsActivity_InstanceEndsWhenTheActivityDoes()
    {
        OrchestratorBody body = async (context, _) =>
        {
            var work = context.CallActivityAsync("Slow");
            var timer = context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return await Task.WhenAny(work, timer) == timer ? "timer" : "work";
        };
        _script.First(body);

        var lost = _script.Next(body, new TimerFired(1, DateTime.UnixEpoch));
        var ended = _script.Next(body, new TaskCompleted(0, null));

        Assert.Equal(InstanceStatus.Running, lost.Status);
        Assert.Equal(InstanceStatus.Completed, ended.Status);
        Assert.Equal("\"timer\"", ended.Output);
    }

    [Fact]
    public void Race_ActivityBeatsTimer_CancelledTimerHoldsNothing()
    {
        OrchestratorBody body = async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var work = context.CallActivityAsync("Quick");
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            var winner = await Task.WhenAny(work, timer);
            cancel.Cancel();
            return winner == work ? "work" : "timer";
        };
        _script.First(body);

        var ended = _script.Next(body, new TaskCompleted(0, null));

        Assert.Equal(InstanceStatus.Completed, ended.Status);
        Assert.Equal("\"work\"", ended.Output);
    }

    [Fact]
    public void CancelledTimer_WhileTheInstanceGoesOn_IsWithdrawn()
    {
        OrchestratorBody body = async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            await context.CallActivityAsync("First");
            cancel.Cancel();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => timer);
            await context.CallActivityAsync("Second");
            return null;
        };
        _script.First(body);

        var outcome = _script.Next(body, new TaskCompleted(1, null));

        Assert.Equal([0], outcome.CancelledTimers);
        Assert.Equal("Second", Assert.Single(outcome.NewEvents.OfType<TaskScheduled>()).Name);
    }

    [Fact]
    public void CancelledTimer_ThatFiresAllTheSame_IsIgnored()
    {
        OrchestratorBody body = async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            await context.CallActivityAsync("First");
            cancel.Cancel();
            await context.CallActivityAsync("Second");
            return timer.IsCanceled;
        };
        _script.First(body);

        var ended = _script.Next(body, new TaskCompleted(1, null), new TimerFired(0, DateTime.UnixEpoch));
        var last = _script.Next(body, new TaskCompleted(2, null));

        Assert.Equal(InstanceStatus.Running, ended.Status);
        Assert.Equal("true", last.Output);
    }

    [Fact]
    public void Race_EventAndTimerInOneTurn_FirstToComeWins()
    {
        OrchestratorBody body = async (context, _) =>
        {
            using var cancel = new CancellationTokenSource();
            var stop = context.WaitForExternalEvent<string>("Stop", cancel.Token);
            var timer = context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
            return await Task.WhenAny(stop, timer) == stop ? "stop" : "timer";
        };
        _script.First(body);

        var ended = _script.Next(body, new EventRaised("Stop", "\"user\""), new TimerFired(0, DateTime.UnixEpoch));

        Assert.Equal("\"stop\"", ended.Output);
    }

    [Fact]
    public void Terminate_InATryFinally_RunsNoCode()
    {
        var finallyRan = false;
        OrchestratorBody body = async (context, _) =>
        {
            try
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return null;
            }
            finally
            {
                finallyRan = true;
            }
        };
        _script.First(body);

        var outcome = _script.Next(body, new ExecutionTerminated("\"operator\""));

        Assert.Equal(InstanceStatus.Terminated, outcome.Status);
        Assert.Equal("\"operator\"", outcome.Output);
        Assert.False(finallyRan);
    }
}
