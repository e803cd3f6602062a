using System.Text.Json.Nodes;
using CaptureFlow.Functions.Reaping;
using CaptureFlow.Functions.Telemetry;
using CaptureFlow.Functions.Tests.Telemetry;
using CaptureFlow.Orchestrations;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>A capture that ended without its proof: the reaper takes it up, goes on until there is one, and the API says how it fares.</summary>
public sealed class LaterProofTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly RevocationProof NotGone = RevocationProof.Of([new("rolebinding shop/x", "404 NotFound", "exists", false, DateTimeOffset.UnixEpoch)]);

    [Fact]
    public async Task Watch_CaptureEndedFromOutside_IsProvenAndShownSo()
    {
        using RecordedLog log = new();
        using TelemetryParts parts = new();
        var id = await EndedFromOutsideAsync();
        host.Site.Proof = NotGone;
        var telemetry = parts.Watches;

        await WatchAsync(telemetry, log);
        var tried = await host.UntilAsync(id, capture => capture["reaper"]?["count"]?.GetValue<int>() == 1);
        await WatchAsync(telemetry, log);
        var audit = JsonNode.Parse(await host.Http.GetStringAsync(new Uri("/api/audit", UriKind.Relative)))!;
        host.Site.Proof = new(true, [new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, DateTimeOffset.UnixEpoch)]);
        var proven = await host.UntilAsync(id, capture => capture["status"]!.GetValue<string>() != "revokeUnproven");
        await WatchAsync(telemetry, log);

        Assert.Equal("revokeUnproven", tried["status"]!.GetValue<string>());
        Assert.Contains("rolebinding shop/x: expected 404 NotFound, got exists", tried["reaper"]!["lastAnswer"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.NotNull(tried["reaper"]!["nextAt"]);
        Assert.Equal(id, Assert.Single(audit["unproven"]!.AsArray())!["captureId"]!.GetValue<string>());
        Assert.Contains(log.Entries, entry => entry.Level == LogLevel.Error && entry.Text.Contains(id, StringComparison.Ordinal));
        Assert.Equal("failed", proven["status"]!.GetValue<string>());
        Assert.True(proven["revocation"]!["proven"]!.GetValue<bool>());
        Assert.NotNull(proven["reaper"]!["provenAt"]);
        Assert.Equal(0, parts.Metrics.Look(MetricNames.OwedProofs)[""]);
        var list = JsonNode.Parse(await host.Http.GetStringAsync(new Uri("/api/captures", UriKind.Relative)))!["items"]!.AsArray();
        Assert.Equal("failed", list.Single(item => item!["id"]!.GetValue<string>() == id)!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Get_RevokeCannotAsk_HasTheFaultAndSinceWhenWhileItGoesOn()
    {
        host.Site.Proof = new(true, []);
        host.Site.RevokeThrows = new StepUnavailableException("the API server is away");
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });

        var seen = await host.UntilAsync(id, capture => capture["progress"]?["revokeUnproven"] is not null);
        host.Site.RevokeThrows = null;
        var ended = await host.WhenEndedAsync(id);

        Assert.Equal("revoking", seen["status"]!.GetValue<string>());
        Assert.Equal((FaultCodes.RevokeUnproven, "the API server is away"), (seen["faults"]![0]!["code"]!.GetValue<string>(), seen["faults"]![0]!["detail"]!.GetValue<string>()));
        Assert.NotNull(seen["progress"]!["revokeUnproven"]!["since"]);
        Assert.Equal("completed", ended["status"]!.GetValue<string>());
        Assert.Empty(ended["faults"]!.AsArray());
    }

    [Fact]
    public async Task Watch_DiscardFailed_IsDoneByTheReaperAndShownSo()
    {
        host.Site.Proof = new(true, []);
        host.Outage.OfDiscards = Outage.Refuses;
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.WhenAsync(id, "capturing");
        using var cancelled = await host.Http.PostAsync(new Uri($"/api/captures/{id}/cancel", UriKind.Relative), null);

        var ended = await host.WhenEndedAsync(id);
        host.Outage.OfDiscards = null;
        await WatchAsync();
        var done = await host.UntilAsync(id, capture => capture["status"]!.GetValue<string>() != "notDiscarded");

        Assert.Equal("notDiscarded", ended["status"]!.GetValue<string>());
        Assert.Contains(ended["faults"]!.AsArray(), fault => fault!["code"]!.GetValue<string>() == FaultCodes.StoreRefused);
        Assert.Equal("cancelled", done["status"]!.GetValue<string>());
        Assert.True(done["reaper"]!["onlyDiscards"]!.GetValue<bool>());
    }

    [Fact]
    public async Task Watch_TwoHostsAtOnceAndAgain_OneRevocationForEachCapture()
    {
        var id = await EndedFromOutsideAsync();
        host.Site.Proof = new(true, [new("rolebinding shop/x", "404 NotFound", "404 NotFound", true, DateTimeOffset.UnixEpoch)]);

        await Task.WhenAll(WatchAsync(), WatchAsync());
        await host.UntilAsync(id, capture => capture["status"]!.GetValue<string>() == "failed");
        var first = await host.Orchestrations.GetInstanceAsync(RevocationOrder.InstanceIdOf(id), CancellationToken.None);
        await WatchAsync();
        var second = await host.Orchestrations.GetInstanceAsync(RevocationOrder.InstanceIdOf(id), CancellationToken.None);

        Assert.Equal(first!.CreatedAt, second!.CreatedAt);
    }

    [Fact]
    public async Task Watch_CapturesThatEndedWell_TakesNothingUp()
    {
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });
        var capture = await host.WhenEndedAsync(id);

        await WatchAsync();

        Assert.Equal("completed", capture["status"]!.GetValue<string>());
        Assert.Null(await host.Orchestrations.GetInstanceAsync(RevocationOrder.InstanceIdOf(id), CancellationToken.None));
    }

    /// <summary>As somebody does in the portal: nothing of the capture's own code runs any more.</summary>
    private async Task<string> EndedFromOutsideAsync()
    {
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.WhenAsync(id, "capturing");
#pragma warning disable RS0030
        await host.Orchestrations.TerminateInstanceAsync(id, new TerminateInstanceOptions(), CancellationToken.None);
#pragma warning restore RS0030
        await host.WhenEndedAsync(id);
        return id;
    }

    private Task WatchAsync(WatchTelemetry? telemetry = null, RecordedLog? log = null)
    {
        using TelemetryParts parts = new();
        ILogger<CaptureWatchFunction> logger = log is null ? NullLogger<CaptureWatchFunction>.Instance : new LoggerFactory([log]).CreateLogger<CaptureWatchFunction>();
        return new CaptureWatchFunction(new CaptureWatch(TimeProvider.System), telemetry ?? parts.Watches, TimeProvider.System, logger)
            .RunAsync(new TimerInfo(), host.Orchestrations, CancellationToken.None);
    }
}
