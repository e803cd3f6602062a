using System.Text.Json.Nodes;
using CaptureFlow.Evidence;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Functions.Tests.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>Captures that do not get on, on the real embedded engine with a clock that runs fast.</summary>
public sealed class StuckCaptureTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(50));
    private readonly RecordedLog _log = new();
    private readonly TelemetryParts _parts = new();
    private readonly ApiHost _host;
    private readonly CaptureWatch _watch;

    public StuckCaptureTests()
    {
        _host = new ApiHost { Time = _time };
        _watch = new CaptureWatch(_time);
    }

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        _log.Dispose();
        _parts.Dispose();
    }

    [Fact]
    public async Task Watch_SuspendedPastItsDeadline_IsSaidCancelledAndEndedOnceItsRightsAreGone()
    {
        var id = await CapturingAsync();
        await _host.Orchestrations.SuspendInstanceAsync(id, "tests");

        // In its window and for the grace after it, it may be as it is.
        await WatchAsync();
        Assert.Null(await RevocationAsync(id));
        _host.Site.Proof = RevocationProof.Of([new("rolebinding", "404", "exists", false, DateTimeOffset.UnixEpoch)]);
        _time.Advance(TimeSpan.FromMinutes(40));
        await WatchAsync();
        var audit = JsonNode.Parse(await _host.Http.GetStringAsync(new Uri("/api/audit", UriKind.Relative)))!;
        await PassUntilAsync(async () => await RevocationAsync(id) is { } seen && seen.ReadCustomStatusAs<RevocationTries>() is { Count: > 1 });
        var whileUnproven = await _host.Orchestrations.GetInstanceAsync(id, CancellationToken.None);
        _host.Site.Proof = new(true, [new("rolebinding", "404", "404", true, DateTimeOffset.UnixEpoch)]);
        await PassUntilAsync(async () => await RevocationAsync(id) is { IsCompleted: true });

        var ended = await _host.Orchestrations.GetInstanceAsync(id, CancellationToken.None);
        Assert.Equal((false, OrchestrationRuntimeStatus.Terminated), (whileUnproven!.IsCompleted, ended!.RuntimeStatus));
        Assert.Equal(id, Assert.Single(audit["stuck"]!.AsArray())!["captureId"]!.GetValue<string>());
        Assert.Contains(_log.Entries, entry => entry.Level == LogLevel.Error && entry.Text.Contains($"{id} still runs", StringComparison.Ordinal));
        Assert.Equal(1, _parts.Metrics.Look(MetricNames.StuckCaptures)[""]);
        var seen = JsonNode.Parse(await _host.Http.GetStringAsync(new Uri($"/api/captures/{id}", UriKind.Relative)))!;
        Assert.Equal("failed", seen["status"]!.GetValue<string>());
        Assert.True(seen["revocation"]!["proven"]!.GetValue<bool>());
        Assert.True(seen["reaper"]!["stuck"]!.GetValue<bool>());
        var log = CustodyChain.Read(id, await _host.Http.GetByteArrayAsync(new Uri($"/api/captures/{id}/log", UriKind.Relative)));
        Assert.Equal(LookAtStuckFunction.Reaper, log.Entries.Single(entry => entry.Entry.Event == CustodyEvents.CancelAsked).Entry.By);
    }

    [Fact]
    public async Task Watch_GoesOnAfterAll_NothingIsDoneToIt()
    {
        var id = await CapturingAsync();
        await _host.Orchestrations.SuspendInstanceAsync(id, "tests");
        _time.Advance(TimeSpan.FromMinutes(40));
        await WatchAsync();

        // As when a host that was down comes back: it takes up what is under way before the reaper does anything about it.
        await _host.Orchestrations.ResumeInstanceAsync(id, "tests");
        await PassUntilAsync(async () => await RevocationAsync(id) is { IsCompleted: true });
        await PassUntilAsync(async () => await _host.Orchestrations.GetInstanceAsync(id, CancellationToken.None) is { IsCompleted: true });

        Assert.Equal("completed", (await _host.WhenEndedAsync(id))["status"]!.GetValue<string>());
        Assert.Null((await RevocationAsync(id))!.ReadOutputAs<RevocationReport>()!.Proof);
        Assert.DoesNotContain(
            CustodyChain.Read(id, await _host.Http.GetByteArrayAsync(new Uri($"/api/captures/{id}/log", UriKind.Relative))).Entries,
            entry => entry.Entry.Event == CustodyEvents.CancelAsked);
    }

    [Fact]
    public async Task Watch_StoreWiped_FindsNothingAndBreaksNothing()
    {
        await WatchAsync();

        Assert.DoesNotContain(_log.Entries, entry => entry.Level >= LogLevel.Warning);
        Assert.Equal(0, _parts.Metrics.Look(MetricNames.OwedProofs)[""]);
    }

    private async Task<string> CapturingAsync()
    {
        var id = await _host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await _host.WhenAsync(id, "capturing");
        return id;
    }

    private Task<OrchestrationMetadata?> RevocationAsync(string id) =>
        _host.Orchestrations.GetInstanceAsync(RevocationOrder.InstanceIdOf(id), getInputsAndOutputs: true, CancellationToken.None);

    private async Task PassUntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            _time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    private async Task WatchAsync()
    {
        using LoggerFactory loggers = new([_log]);
        await new CaptureWatchFunction(_watch, _parts.Watches, _time, loggers.CreateLogger<CaptureWatchFunction>()).RunAsync(new TimerInfo(), _host.Orchestrations, CancellationToken.None);
    }
}
