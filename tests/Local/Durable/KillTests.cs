using System.Diagnostics;
using System.Reflection;
using CaptureFlow.Local.Durable;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Local.Tests.Durable;

/// <summary><c>kill -9</c> of the host, at many moments, and a restart.</summary>
public sealed class KillTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Journal => Path.Combine(_folder.Path, "journal");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    public async Task Kill_SixTimesThenRestart_EndsWithEveryStepOnceInItsResult(int extraMilliseconds)
    {
        const int Kills = 6;
        await ScheduleAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunAndKillAsync(lines: Lines().Length + 1, TimeSpan.FromMilliseconds(extraMilliseconds));
        }

        await using var host = await EngineHost.StartAsync(EngineChild.Registry(Journal), folder: _folder);
        var result = await host.CompletionAsync("steps");

        var steps = Enumerable.Range(0, EngineChild.Steps).ToList();
        Assert.Equal(OrchestrationRuntimeStatus.Completed, result.RuntimeStatus);
        Assert.Equal(string.Join(',', steps), result.ReadOutputAs<string>());
        var runs = Lines().Select(int.Parse).ToList();
        Assert.Equal(steps, runs.Distinct());
        Assert.InRange(runs.Count, EngineChild.Steps, EngineChild.Steps + Kills);
    }

    private string[] Lines() => File.Exists(Journal) ? File.ReadAllLines(Journal) : [];

    private async Task ScheduleAsync()
    {
        await using var idle = new DurableEngine(
            new DurableEngineOptions { DatabasePath = _folder.Database },
            EngineChild.Registry(Journal),
            TimeProvider.System,
            NullLoggerFactory.Instance);
        await idle.Client.ScheduleNewOrchestrationInstanceAsync("Steps", new StartOrchestrationOptions("steps"));
    }

    /// <summary>Lets a host run until the journal has so many lines, and a little longer, and kills it.</summary>
    private async Task RunAndKillAsync(int lines, TimeSpan longer)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(start.FileName) == "dotnet")
        {
            start.ArgumentList.Add(Assembly.GetExecutingAssembly().Location);
        }

        foreach (var argument in (string[])[EngineChild.Command, _folder.Database, Journal])
        {
            start.ArgumentList.Add(argument);
        }

        using var child = Process.Start(start)!;
        try
        {
            await EngineHost.UntilAsync(
                () => Task.FromResult(Lines().Length >= lines || Lines().Length >= EngineChild.Steps), $"line {lines} of the journal");

            // The moment within a step is what varies between the cases; nothing is waited for.
            await Task.Delay(longer);
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
    }
}
