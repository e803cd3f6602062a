using CaptureFlow.Local.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Local.Tests.Hosting;

public sealed class TimerRunnerTests : IAsyncDisposable
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 10, 0, 1, TimeSpan.Zero));
    private readonly Notebook _notebook = new();
    private readonly ServiceProvider _services;
    private readonly TimerRunner _runner;

    public TimerRunnerTests()
    {
        _services = new ServiceCollection().AddSingleton(_notebook).BuildServiceProvider();
        _runner = new(
            FunctionCatalog.Discover(typeof(SampleTimer)),
            new ConfigurationBuilder().Build(),
            _services.GetRequiredService<IServiceScopeFactory>(),
            HostSettings.Default,
            _time,
            NullLogger<TimerRunner>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        _notebook.Gate.TrySetResult();
        await _runner.StopAsync(CancellationToken.None);
        _runner.Dispose();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Run_AfterAFailedRun_TheScheduleGoesOn()
    {
        await _runner.StartAsync(CancellationToken.None);

        await AdvanceUntilAsync(() => _notebook.Entries.Count >= 2);

        Assert.Equal(["10:00:01", "10:00:10"], _notebook.Entries.Take(2));
    }

    [Fact]
    public async Task Run_StillRunningWhenDue_SkippedAndNeverOverlapping()
    {
        await _runner.StartAsync(CancellationToken.None);
        await AdvanceUntilAsync(() => _notebook.Entries.Count >= 2);

        _time.Advance(TimeSpan.FromSeconds(45));
        _notebook.Gate.SetResult();
        await AdvanceUntilAsync(() => _notebook.Entries.Count >= 3);

        Assert.Equal(1, _notebook.MostAtOnce);
        Assert.True(string.CompareOrdinal(_notebook.Entries.ElementAt(2), "10:00:50") > 0);
    }

    /// <summary>The runner sets its timer on another thread; small steps with real pauses between them let it.</summary>
    private async Task AdvanceUntilAsync(Func<bool> reached)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!reached())
        {
            _time.Advance(TimeSpan.FromMilliseconds(500));
            await Task.Delay(5, deadline.Token);
        }
    }
}
