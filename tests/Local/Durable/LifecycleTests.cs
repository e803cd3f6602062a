using CaptureFlow.Local.Durable;
using DurableTask.Core.Exceptions;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class LifecycleTests
{
    private static readonly OrchestrationRuntimeStatus[] Unfinished =
        [OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended];

    private int _finallyRan;

    [Fact]
    public async Task Terminate_RunningInstance_EndsItWithoutItsFinally()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var id = await WaitingInstanceAsync(host);

        await Terminate(host.Client, id);

        var result = await host.CompletionAsync(id);
        Assert.Equal(OrchestrationRuntimeStatus.Terminated, result.RuntimeStatus);
        Assert.Equal("operator", result.ReadOutputAs<string>());
        Assert.Equal(0, _finallyRan);
    }

    [Fact]
    public async Task Suspend_ThenEvent_WaitsForResume()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var id = await WaitingInstanceAsync(host);
        await host.Client.SuspendInstanceAsync(id, "look");
        await EngineHost.UntilAsync(
            async () => (await host.Client.GetInstanceAsync(id))!.RuntimeStatus == OrchestrationRuntimeStatus.Suspended, "suspension");

        await host.Client.RaiseEventAsync(id, "Stop", "user");
        await EngineHost.UntilAsync(() => Task.FromResult(NoMessages(host)), "the event to be taken in");
        var held = await host.Client.GetInstanceAsync(id);
        await host.Client.ResumeInstanceAsync(id);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, held!.RuntimeStatus);
        Assert.Equal("user", (await host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, _finallyRan);
    }

    [Fact]
    public async Task Start_UnfinishedInstanceIsADuplicate_IsRefused()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var id = await WaitingInstanceAsync(host);
        var options = new StartOrchestrationOptions(id).WithDedupeStatuses(Unfinished);

        await Assert.ThrowsAsync<OrchestrationAlreadyExistsException>(
            () => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", options));

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await host.Client.GetInstanceAsync(id))!.RuntimeStatus);
    }

    [Fact]
    public async Task Start_UnfinishedInstanceIsNoDuplicate_IsTerminatedAndReplaced()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var id = await WaitingInstanceAsync(host);

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions(id));
        await host.StatusAsync(id, "waiting");
        await host.Client.RaiseEventAsync(id, "Stop", "second");

        Assert.Equal("second", (await host.CompletionAsync(id)).ReadOutputAs<string>());
        Assert.Equal(1, _finallyRan);
    }

    [Fact]
    public async Task Start_FinishedInstanceIsNoDuplicate_IsReplaced()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var id = await WaitingInstanceAsync(host);
        await host.Client.RaiseEventAsync(id, "Stop", "first");
        await host.CompletionAsync(id);

        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions(id).WithDedupeStatuses(Unfinished));
        await host.Client.RaiseEventAsync(id, "Stop", "second");

        Assert.Equal("second", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Start_TerminatedIsADuplicateAndRunningIsNot_IsAnArgumentError()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var options = new StartOrchestrationOptions("a").WithDedupeStatuses(OrchestrationRuntimeStatus.Terminated);

        await Assert.ThrowsAsync<ArgumentException>(() => host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", options));

        Assert.Null(await host.Client.GetInstanceAsync("a"));
    }

    [Fact]
    public async Task Start_Later_StaysPendingUntilThen()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var host = await EngineHost.StartAsync(Waiting(), time);
        var options = new StartOrchestrationOptions("later", time.GetUtcNow().AddHours(1));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", options);

        await host.Client.RaiseEventAsync("later", "Stop", "early");
        var before = await host.Client.GetInstanceAsync("later");
        time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(OrchestrationRuntimeStatus.Pending, before!.RuntimeStatus);
        Assert.Equal("early", (await host.CompletionAsync("later")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Terminate_InstanceThatStartsLater_EndsItNow()
    {
        var time = new FakeTimeProvider();
        await using var host = await EngineHost.StartAsync(Waiting(), time);
        var options = new StartOrchestrationOptions("later", time.GetUtcNow().AddHours(1));
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", options);

        await Terminate(host.Client, "later");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await host.CompletionAsync("later")).RuntimeStatus);
    }

    [Fact]
    public async Task WaitForInstanceStart_NewInstance_ReturnsOnceItRan()
    {
        await using var host = await EngineHost.StartAsync(Waiting());
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");

        var started = await host.Client.WaitForInstanceStartAsync(id).WaitAsync(EngineHost.Deadline);

        Assert.Equal(OrchestrationRuntimeStatus.Running, started.RuntimeStatus);
    }

    [Fact]
    public async Task Wait_UnknownInstance_IsRefused()
    {
        await using var host = await EngineHost.StartAsync(Waiting());

        await Assert.ThrowsAsync<InvalidOperationException>(() => host.Client.WaitForInstanceCompletionAsync("nobody"));
    }

    // The product never terminates; the engine has to know how.
#pragma warning disable RS0030
    private static Task Terminate(DurableTaskClient client, string id)
        => client.TerminateInstanceAsync(id, new TerminateInstanceOptions("operator"));
#pragma warning restore RS0030

    private static bool NoMessages(EngineHost host)
    {
        using var file = host.OpenFile();
        return file.Query("SELECT count(*) FROM messages WHERE timer_id IS NULL", row => row.GetInt32(0))[0] == 0;
    }

    private static async Task<string> WaitingInstanceAsync(EngineHost host)
    {
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.StatusAsync(id, "waiting");
        return id;
    }

    private DurableRegistry Waiting() => new DurableRegistry()
        .AddOrchestrator<object?, string>("Wait", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            try
            {
                return await context.WaitForExternalEvent<string>("Stop");
            }
            finally
            {
                Interlocked.Increment(ref _finallyRan);
            }
        });
}
