using CaptureFlow.Local.Durable;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Replay;
using CaptureFlow.Local.Durable.Storage;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class ReplayTests
{
    private readonly TurnScript _script = new();

    [Fact]
    public void Play_SameHistoryTwice_LeadsToTheSame()
    {
        OrchestratorBody body = async (context, _) =>
        {
            var id = context.NewGuid();
            await context.CallActivityAsync("Grant", id);
            context.SetCustomStatus(context.NewGuid());
            await context.CreateTimer(TimeSpan.FromSeconds(30), CancellationToken.None);
            return id;
        };
        _script.First(body);
        var answer = new TaskCompleted(0, null);

        var once = _script.Try(body, answer);
        var again = _script.Try(body, answer);

        Assert.Equal(once.NewEvents, again.NewEvents);
        Assert.Equal(once.CustomStatus, again.CustomStatus);
        Assert.NotNull(once.CustomStatus);
        Assert.Single(once.NewEvents.OfType<TimerCreated>());
    }

    [Fact]
    public void NewGuid_CalledTwiceInOneTurn_GivesTwo()
    {
        var guids = new List<Guid>();

        _script.First((context, _) =>
        {
            guids.Add(context.NewGuid());
            guids.Add(context.NewGuid());
            return Task.FromResult<object?>(null);
        });

        Assert.Equal(2, guids.Distinct().Count());
    }

    [Fact]
    public void IsReplaying_InThePastAndInThePresent_TellsThemApart()
    {
        var seen = new List<bool>();
        OrchestratorBody body = async (context, _) =>
        {
            seen.Add(context.IsReplaying);
            await context.CallActivityAsync("Grant");
            seen.Add(context.IsReplaying);
            return null;
        };
        _script.First(body);

        _script.Next(body, new TaskCompleted(0, null));

        Assert.Equal([false, true, false], seen);
    }

    [Fact]
    public void CurrentUtcDateTime_OnReplay_IsThatOfTheTurn()
    {
        var seen = new List<DateTime>();
        OrchestratorBody body = async (context, _) =>
        {
            seen.Add(context.CurrentUtcDateTime);
            await context.CallActivityAsync("Grant");
            seen.Add(context.CurrentUtcDateTime);
            return null;
        };
        _script.First(body);

        _script.Next(body, new TaskCompleted(0, null));

        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(TimeSpan.FromMinutes(1), seen[2] - seen[1]);
    }

    [Fact]
    public void Play_OtherActivityThanInHistory_FailsNamingBoth()
    {
        _script.First(Calling("GrantPermission"));

        var outcome = _script.Next(Calling("AttachContainer"), new TaskCompleted(0, null));

        Assert.Equal(InstanceStatus.Failed, outcome.Status);
        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, outcome.Failure?.Type);
        Assert.Contains("TaskScheduled #0 GrantPermission", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("TaskScheduled #0 AttachContainer", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Play_TimerWhereHistoryHasAnActivity_FailsNamingBoth()
    {
        _script.First(Calling("GrantPermission"));

        var outcome = _script.Next(
            async (context, _) =>
            {
                await context.CreateTimer(TimeSpan.FromSeconds(1), CancellationToken.None);
                return null;
            },
            new TaskCompleted(0, null));

        Assert.Contains("TaskScheduled #0 GrantPermission", outcome.Failure?.Message, StringComparison.Ordinal);
        Assert.Contains("TimerCreated #0", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Play_CallThatHistoryLacks_FailsNamingIt()
    {
        _script.First(Calling("GrantPermission"));

        var outcome = _script.Next(Calling("GrantPermission", "AttachContainer"), new TaskCompleted(0, null));

        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, outcome.Failure?.Type);
        Assert.Contains("TaskScheduled #1 AttachContainer, where history has no call", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Play_CallThatTheCodeLacks_FailsNamingIt()
    {
        _script.First(Calling("GrantPermission", "AttachContainer"));

        var outcome = _script.Next(Calling("GrantPermission"), new TaskCompleted(0, null));

        Assert.Equal(typeof(NonDeterministicOrchestrationException).FullName, outcome.Failure?.Type);
        Assert.Contains("TaskScheduled #1 AttachContainer", outcome.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Play_ChangedCodeThatSendsAnEvent_DoesNotSendIt()
    {
        _script.First(Calling("GrantPermission"));

        var outcome = _script.Next(
            (context, _) =>
            {
                context.SendEvent("other", "Stop", "now");
                return Task.FromResult<object?>(null);
            },
            new TaskCompleted(0, null));

        Assert.Equal(InstanceStatus.Failed, outcome.Status);
        Assert.Empty(outcome.NewEvents.OfType<EventSent>());
    }

    [Fact]
    public void Play_TaskDelay_FailsAsIllegalAwait()
    {
        var outcome = _script.First(async (_, _) =>
        {
            await Task.Delay(TimeSpan.FromMinutes(1), TimeProvider.System);
            return null;
        });

        Assert.Equal(InstanceStatus.Failed, outcome.Status);
        Assert.Equal(typeof(IllegalAwaitException).FullName, outcome.Failure?.Type);
    }

    [Fact]
    public void Play_ContinuedOnAnotherThread_FailsAsIllegalAwait()
    {
        OrchestratorBody body = async (context, _) =>
        {
            await context.CallActivityAsync("Grant").ConfigureAwait(false);
            await context.CallActivityAsync("Attach");
            return null;
        };
        _script.First(body);

        var outcome = _script.Next(body, new TaskCompleted(0, null));

        Assert.Equal(typeof(IllegalAwaitException).FullName, outcome.Failure?.Type);
    }

    [Fact]
    public async Task Play_ForeignTaskThatEndsAfterTheTurn_IsReported()
    {
        var gate = new TaskCompletionSource();
        _script.First(async (context, _) =>
        {
            await Task.WhenAny(context.CallActivityAsync("Grant"), gate.Task);
            return null;
        });

        await Task.Run(gate.SetResult);

        Assert.Equal(1, _script.ForeignAwaits);
    }

    [Fact]
    public void Play_TaskYield_IsAllowed()
    {
        var outcome = _script.First(async (_, _) =>
        {
            await Task.Yield();
            return "done";
        });

        Assert.Equal(InstanceStatus.Completed, outcome.Status);
    }

    [Fact]
    public void Play_OutputThatCannotBeWritten_FailsTheInstance()
    {
        var outcome = _script.First((_, _) => Task.FromResult<object?>(typeof(string)));

        Assert.Equal(InstanceStatus.Failed, outcome.Status);
        Assert.Equal(typeof(NotSupportedException).FullName, outcome.Failure?.Type);
    }

    [Fact]
    public void CallActivity_OptionsGivenAsInput_IsRefused()
    {
        var outcome = _script.First(async (context, _) =>
        {
            await context.CallActivityAsync("Grant", (object)new TaskOptions());
            return null;
        });

        Assert.Equal(typeof(ArgumentException).FullName, outcome.Failure?.Type);
    }

    [Fact]
    public void SetCustomStatus_TooLong_IsRefused()
    {
        var outcome = _script.First((context, _) =>
        {
            context.SetCustomStatus(new string('x', 9000));
            return Task.FromResult<object?>(null);
        });

        Assert.Equal(typeof(ArgumentException).FullName, outcome.Failure?.Type);
    }

    private static OrchestratorBody Calling(params string[] activities) => async (context, _) =>
    {
        await Task.WhenAll(activities.Select(name => context.CallActivityAsync(name)));
        await context.CallActivityAsync("Last");
        return null;
    };
}
