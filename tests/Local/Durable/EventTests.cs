using CaptureFlow.Local.Durable;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Durable;

public sealed class EventTests
{
    [Fact]
    public async Task Event_RaisedBeforeItIsAwaited_IsKept()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Late", async (context, _) =>
            {
                await context.WaitForExternalEvent<string>("Go");
                return await context.WaitForExternalEvent<string>("Stop");
            });
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Late");

        await host.Client.RaiseEventAsync(id, "Stop", "early");
        await host.Client.RaiseEventAsync(id, "Go", "now");

        Assert.Equal("early", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Event_NameInOtherCase_IsTheSame()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("Stop"));
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");

        await host.Client.RaiseEventAsync(id, "STOP", "user");

        Assert.Equal("user", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Event_SeveralOfOneName_AreReadInOrder()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, List<int>>("Three", async (context, _) =>
            {
                var seen = new List<int>();
                while (seen.Count < 3)
                {
                    seen.Add(await context.WaitForExternalEvent<int>("Number"));
                }

                return seen;
            });
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Three");

        foreach (var number in (int[])[1, 2, 3])
        {
            await host.Client.RaiseEventAsync(id, "Number", number);
        }

        Assert.Equal([1, 2, 3], (await host.CompletionAsync(id)).ReadOutputAs<List<int>>());
    }

    [Fact]
    public async Task WaitForEvent_TimeoutPasses_ThrowsTaskCanceled()
    {
        var time = new FakeTimeProvider();
        await using var host = await EngineHost.StartAsync(WaitWithTimeout(), time);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.StatusAsync(id, "waiting");

        time.Advance(TimeSpan.FromSeconds(30));

        Assert.Equal("timeout", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForEvent_AfterAWaitThatTimedOut_GetsTheNextEvent()
    {
        var time = new FakeTimeProvider();
        var registry = new DurableRegistry().AddOrchestrator<object?, string>("Patient", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            var first = context.WaitForExternalEvent<string>("Stop", TimeSpan.FromSeconds(30));
            await Task.WhenAny(first);
            context.SetCustomStatus(first.IsCanceled ? "timed out" : "raised");
            await context.WaitForExternalEvent<string>("Go");
            return await context.WaitForExternalEvent<string>("Stop");
        });
        await using var host = await EngineHost.StartAsync(registry, time);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Patient");
        await host.StatusAsync(id, "waiting");
        time.Advance(TimeSpan.FromSeconds(30));
        await host.StatusAsync(id, "timed out");

        await host.Client.RaiseEventAsync(id, "Stop", "not lost");
        await host.Client.RaiseEventAsync(id, "Go", "now");

        Assert.Equal("not lost", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task WaitForEvent_PayloadOfAnotherType_FailsTheWait()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, int>("Wait", (context, _) => context.WaitForExternalEvent<int>("Number"));
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");

        await host.Client.RaiseEventAsync(id, "Number", "none");

        var result = await host.CompletionAsync(id);
        Assert.Equal("System.Text.Json.JsonException", result.FailureDetails?.ErrorType);
    }

    [Fact]
    public async Task WaitForEvent_EventBeforeTimeout_GivesItAndWithdrawsTheTimer()
    {
        var time = new FakeTimeProvider();
        await using var host = await EngineHost.StartAsync(WaitWithTimeout(), time);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");
        await host.StatusAsync(id, "waiting");

        await host.Client.RaiseEventAsync(id, "Stop", "user");

        Assert.Equal("user", (await host.CompletionAsync(id)).ReadOutputAs<string>());
        using var file = host.OpenFile();
        Assert.Equal(0, file.Query("SELECT count(*) FROM messages", row => row.GetInt32(0))[0]);
    }

    [Theory]
    [InlineData(true, "a,b,c")]
    [InlineData(false, "c")]
    public async Task ContinueAsNew_UnreadEvents_AreKeptIfAsked(bool preserve, string expected)
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<bool, string>("Again", async (context, second) =>
            {
                if (!second)
                {
                    context.SetCustomStatus("first");
                    await context.WaitForExternalEvent<string>("Go");
                    context.ContinueAsNew(true, preserve);
                    return string.Empty;
                }

                context.SetCustomStatus("second");
                var seen = new List<string>();
                do
                {
                    seen.Add(await context.WaitForExternalEvent<string>("Letter"));
                }
                while (seen[^1] != "c");
                return string.Join(',', seen);
            });
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Again", false);
        await host.StatusAsync(id, "first");

        await host.Client.RaiseEventAsync(id, "Letter", "a");
        await host.Client.RaiseEventAsync(id, "Letter", "b");
        await host.Client.RaiseEventAsync(id, "Go", "now");
        await host.StatusAsync(id, "second");
        await host.Client.RaiseEventAsync(id, "Letter", "c");

        var result = await host.CompletionAsync(id);
        Assert.Equal(expected, result.ReadOutputAs<string>());
        Assert.True(result.ReadInputAs<bool>());
    }

    [Fact]
    public async Task Event_ToAnInstanceThatIsOver_IsIgnored()
    {
        var registry = new DurableRegistry().AddOrchestrator<object?, string>("Quick", (_, _) => Task.FromResult("done"));
        await using var host = await EngineHost.StartAsync(registry);
        var before = await host.RunAsync("Quick");

        await host.Client.RaiseEventAsync(before.InstanceId, "Stop", "late");
        await host.Client.RaiseEventAsync("nobody", "Stop", "late");

        var after = await host.CompletionAsync(before.InstanceId);
        Assert.Equal(before.LastUpdatedAt, after.LastUpdatedAt);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, after.RuntimeStatus);
        using var file = host.OpenFile();
        Assert.Equal(0, file.Query("SELECT count(*) FROM messages", row => row.GetInt32(0))[0]);
    }

    [Fact]
    public async Task SendEvent_ToAnotherInstance_Arrives()
    {
        var registry = new DurableRegistry()
            .AddOrchestrator<object?, string>("Wait", (context, _) => context.WaitForExternalEvent<string>("Hello"))
            .AddOrchestrator<string, string>("Send", (context, target) =>
            {
                context.SendEvent(target, "Hello", "from afar");
                return Task.FromResult("sent");
            });
        await using var host = await EngineHost.StartAsync(registry);
        var id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Wait");

        await host.RunAsync("Send", id);

        Assert.Equal("from afar", (await host.CompletionAsync(id)).ReadOutputAs<string>());
    }

    private static DurableRegistry WaitWithTimeout() => new DurableRegistry()
        .AddOrchestrator<object?, string>("Wait", async (context, _) =>
        {
            context.SetCustomStatus("waiting");
            try
            {
                return await context.WaitForExternalEvent<string>("Stop", TimeSpan.FromSeconds(30));
            }
            catch (TaskCanceledException)
            {
                return "timeout";
            }
        });
}
