using System.Globalization;
using CaptureFlow.Local.Durable;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary>An engine in a process of its own, which a test can kill.</summary>
internal static class EngineChild
{
    public const string Command = "durable-engine-child";

    public const int Steps = 12;

    /// <summary>Steps that each leave a line in <paramref name="journal"/>, with timers between some of them, and sub-orchestrations around others.</summary>
    public static DurableRegistry Registry(string journal) => new DurableRegistry()
        .AddOrchestrator<object?, string>("Steps", async (context, _) =>
        {
            var seen = new List<int>();
            for (var i = 0; i < Steps; i++)
            {
                seen.Add(i % 4 == 1
                    ? await context.CallSubOrchestratorAsync<int>("Nested", i)
                    : await context.CallActivityAsync<int>("Step", i));
                if (i % 3 == 0)
                {
                    await context.CreateTimer(TimeSpan.FromMilliseconds(20), CancellationToken.None);
                }
            }

            return string.Join(',', seen);
        })
        .AddOrchestrator<int, int>("Nested", (context, i) => context.CallActivityAsync<int>("Step", i))
        .AddActivity<int, int>("Step", async (i, cancellation) =>
        {
            await File.AppendAllTextAsync(journal, string.Create(CultureInfo.InvariantCulture, $"{i}\n"), cancellation);
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellation);
            return i;
        });

    /// <summary>Runs an engine until the process is killed.</summary>
    public static async Task RunAsync(string database, string journal)
    {
        await using var engine = new DurableEngine(
            new DurableEngineOptions { DatabasePath = database }, Registry(journal), TimeProvider.System, NullLoggerFactory.Instance);
        await engine.StartAsync(CancellationToken.None);
        await Task.Delay(TimeSpan.FromMinutes(5), TimeProvider.System);
    }
}
