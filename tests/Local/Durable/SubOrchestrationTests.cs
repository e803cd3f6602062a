using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class SubOrchestrationTests
{
    [Fact]
    public async Task Call_SeveralChildren_GathersTheirResultsAndKnowsTheirIds()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Parent", async (context, _) => string.Join(' ', await Task.WhenAll(
                Enumerable.Range(0, 3).Select(i => context.CallSubOrchestratorAsync<string>(
                    "Child", i, new TaskOptions().WithInstanceId($"{context.InstanceId}:{i}"))))))
            .AddOrchestrator<int, string>("Child", async (context, i) =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(10 * (3 - i)), CancellationToken.None);
                return $"{context.InstanceId} of {context.Parent!.Name}/{context.Parent.InstanceId}";
            });
        await using var host = await EngineHost.StartAsync(registry);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent", new StartOrchestrationOptions("p"));

        var result = await host.CompletionAsync("p");

        Assert.Equal("p:0 of Parent/p p:1 of Parent/p p:2 of Parent/p", result.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Call_FailingChild_ReachesParentAsTaskFailedException()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Parent", async (context, _) =>
            {
                try
                {
                    await context.CallSubOrchestratorAsync("Child");
                    return "no failure";
                }
                catch (TaskFailedException e)
                {
                    return $"{e.TaskName}: {e.FailureDetails.ErrorType}: {e.FailureDetails.ErrorMessage}";
                }
            })
            .AddOrchestrator("Child", (_, _) => throw new TimeoutException("too late"));
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Parent");

        Assert.Equal("Child: System.TimeoutException: too late", result.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Call_FailingChildWithRetry_StartsItAgain()
    {
        var runs = 0;
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Parent", (context, _) => context.CallSubOrchestratorAsync<string>(
                "Child",
                options: TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromMilliseconds(1))).WithInstanceId("child")))
            .AddOrchestrator<object?, string>("Child", async (context, _) => await context.CallActivityAsync<string>("Flaky"))
            .AddActivity("Flaky", _ => ++runs < 3 ? throw new IOException("not yet") : Task.FromResult<object?>($"run {runs}"));
        await using var host = await EngineHost.StartAsync(registry);

        var result = await host.RunAsync("Parent");

        Assert.Equal("run 3", result.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Call_IdOfAnUnfinishedInstance_FailsTheCallAndLeavesTheInstance()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Parent", (context, _) => context.CallSubOrchestratorAsync<string>(
                "Wait", options: new TaskOptions().WithInstanceId("taken")))
            .AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("Stop"));
        await using var host = await EngineHost.StartAsync(registry);
        await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait", new StartOrchestrationOptions("taken"));

        var result = await host.RunAsync("Parent");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, result.RuntimeStatus);
        Assert.False((await host.Client.GetInstanceAsync("taken"))!.IsCompleted);
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Completed)]
    public async Task Terminate_Parent_EndsItsChildrenOnlyIfRecursive(bool recursive, OrchestrationRuntimeStatus childStatus)
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Parent", (context, _) => context.CallSubOrchestratorAsync<string>(
                "Wait", options: new TaskOptions().WithInstanceId("child")))
            .AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("Stop"));
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Parent");
        await EngineHost.UntilAsync(async () => await host.Client.GetInstanceAsync("child") is { IsRunning: true }, "the child to run");

#pragma warning disable RS0030 // The product never terminates; the engine has to know how.
        await host.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions(Recursive: recursive));
#pragma warning restore RS0030
        var parent = await host.CompletionAsync(id);
        await host.Client.RaiseEventAsync("child", "Stop", "user");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, parent.RuntimeStatus);
        Assert.Equal(childStatus, (await host.CompletionAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task Purge_Recursive_ForgetsTheChildrenToo()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Parent", (context, _) => context.CallSubOrchestratorAsync<string>(
                "Child", options: new TaskOptions().WithInstanceId("child")))
            .AddOrchestrator<object?, string>("Child", (_, _) => Task.FromResult("done"));
        await using var host = await EngineHost.StartAsync(registry);
        var parent = await host.RunAsync("Parent");

        var purged = await host.Client.PurgeInstanceAsync(parent.InstanceId, new PurgeInstanceOptions(Recursive: true));

        Assert.Equal(2, purged.PurgedInstanceCount);
        Assert.Null(await host.Client.GetInstanceAsync("child"));
    }
}
