using System.Text;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Orchestrations.Tests.Engine;

/// <summary>Captures in line, and their ledger.</summary>
public sealed class AdmissionOrchestratorTests
{
    [Fact]
    public async Task Queue_ThreeForOnePlace_GoInTheirOrderWithTheirPlacesShown()
    {
        await using var lab = await StartAsync();
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));
        await lab.OrderAsync(Id(2));
        await lab.UntilPlaceAsync(Id(2), 1);
        await lab.OrderAsync(Id(3));
        await lab.UntilPlaceAsync(Id(3), 2);

        var waiting = await lab.ProgressAsync(Id(3));
        lab.GoOn(Id(1));
        await lab.UntilAdmittedAsync(Id(2));
        await lab.UntilPlaceAsync(Id(3), 1);
        lab.GoOn(Id(2));
        await lab.UntilAdmittedAsync(Id(3));

        Assert.Equal((CaptureState.Queued, "concurrent captures in cluster 'default' (1 of 1)"), (waiting!.State, waiting.Queue!.WaitsFor));
        Assert.Equal([Id(1), Id(2), Id(3)], lab.Admitted);
        Assert.Null((await lab.ProgressAsync(Id(3)))!.Queue);
    }

    [Fact]
    public async Task Queue_FloodOfOneCaller_AnotherIsLetInAtOnce()
    {
        await using var lab = await StartAsync(order => Terms(
            new(QuotaScope.Caller, order.RequestedBy, QuotaKind.Concurrent, 1, 1), new(QuotaScope.Cluster, "default", QuotaKind.Concurrent, 1, 2)));
        for (var i = 0; i < 10; i++)
        {
            await lab.OrderAsync(Id(i), by: "mallory");
        }

        await AdmissionLab.UntilAsync("nine wait", async () => await lab.LedgerAsync() is { Admitted: 1, Waiting: 9 });
        await lab.OrderAsync(Id(99), by: "alice");
        await lab.UntilAdmittedAsync(Id(99));

        Assert.Equal(2, lab.Admitted.Count);
        Assert.Equal(new AdmissionSummary(2, 9), await lab.LedgerAsync());
    }

    [Fact]
    public async Task Queue_AskingAgainFails_KeepsItsPlaceAndIsLetIn()
    {
        await using var lab = await StartAsync(askingAgainFails: true);
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));
        await lab.OrderAsync(Id(2));
        await lab.UntilPlaceAsync(Id(2), 1);

        // All tries of one repetition, and the first of another.
        await lab.PassUntilAsync("it has asked again, in vain", () => Task.FromResult(lab.Asked[Id(2)] > 6));
        var waiting = await lab.ProgressAsync(Id(2));
        lab.GoOn(Id(1));

        // In the middle of its tries, it hears the answer after them.
        await lab.PassUntilAsync("it is let in", () => Task.FromResult(lab.Admitted.Contains(Id(2))));

        Assert.Equal(CaptureState.Queued, waiting!.State);
        Assert.Equal([Id(1), Id(2)], lab.Admitted);
    }

    [Theory]
    [InlineData(CaptureEvents.Cancel)]
    [InlineData(CaptureEvents.Stop)]
    public async Task Queue_CancelledInLine_EndsAtOnceAndTheNextMovesUp(string eventName)
    {
        await using var lab = await StartAsync();
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));
        await lab.OrderAsync(Id(2));
        await lab.UntilPlaceAsync(Id(2), 1);
        await lab.OrderAsync(Id(3));
        await lab.UntilPlaceAsync(Id(3), 2);

        await lab.RaiseAsync(Id(2), eventName);
        var report = await lab.EndWithoutTimeAsync(Id(2));
        await lab.UntilPlaceAsync(Id(3), 1);

        Assert.Equal((CaptureState.Cancelled, 0), (report.State, report.Faults.Count));
        Assert.Equal([Id(1)], lab.Admitted);
    }

    [Fact]
    public async Task Queue_TerminatedFromOutside_ItsPlaceIsFreeAfterItsLifetime()
    {
        await using var lab = await StartAsync();
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));
        await lab.OrderAsync(Id(2));
        await lab.UntilPlaceAsync(Id(2), 1);

        await lab.TerminateAsync(Id(1));
        await lab.PassUntilAsync("the next is let in", () => Task.FromResult(lab.Admitted.Contains(Id(2))));

        Assert.Equal([Id(1), Id(2)], lab.Admitted);
    }

    [Fact]
    public async Task Queue_LedgerLost_TheLineFormsAgain()
    {
        await using var lab = await StartAsync();
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));
        await lab.OrderAsync(Id(2));
        await lab.UntilPlaceAsync(Id(2), 1);

        await lab.TerminateAsync(AdmissionLedger.InstanceId);
        await lab.PassUntilAsync("who waits has asked again, and been let in", () => Task.FromResult(lab.Admitted.Contains(Id(2))));

        Assert.Equal(OrchestrationRuntimeStatus.Running, (await lab.LedgerInstanceAsync())!.RuntimeStatus);
    }

    [Fact]
    public async Task Queue_WaitedAsLongAsItMay_RefusedWithQuotaAndRemedy()
    {
        await using var lab = await StartAsync(_ => Terms(InCluster) with { MaxWait = TimeSpan.FromMinutes(3) });
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));
        await lab.OrderAsync(Id(2));
        await lab.UntilPlaceAsync(Id(2), 1);

        var report = await lab.EndAsync(Id(2));

        Assert.Equal((CaptureState.Refused, FaultCodes.QuotaExceeded), (report.State, Assert.Single(report.Faults).Code));
        Assert.Contains("PerCluster:Concurrent", report.Faults[0].Remedy, StringComparison.Ordinal);
        Assert.Equal([Id(1)], lab.Admitted);
    }

    [Fact]
    public async Task Refuse_OverTheQuota_RefusedWithoutWaiting()
    {
        await using var lab = await StartAsync(_ => Terms(InCluster) with { Queue = false });
        await lab.OrderAsync(Id(1));
        await lab.UntilAdmittedAsync(Id(1));

        await lab.OrderAsync(Id(2));
        var report = await lab.EndWithoutTimeAsync(Id(2));

        Assert.Equal((CaptureState.Refused, FaultCodes.QuotaExceeded), (report.State, Assert.Single(report.Faults).Code));
        Assert.Contains("1 of 1", report.Faults[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_AThousandAtOnce_TakesThemAllAndItsStatusStaysSmall()
    {
        await using var lab = await StartAsync();
        await lab.OrderAsync(Id(0));
        await lab.UntilAdmittedAsync(Id(0));
        var ledger = await lab.LedgerInstanceAsync();
        await Task.WhenAll(Enumerable.Range(1, 1_000).Select(i => lab.AskAsync(Id(i), i)));

        await AdmissionLab.UntilAsync("a thousand wait", async () => await lab.LedgerAsync() is { Admitted: 1, Waiting: 1_000 });
        var instance = (await lab.LedgerInstanceAsync())!;

        Assert.InRange(Encoding.Unicode.GetByteCount(instance.SerializedCustomStatus!), 1, 16 * 1024);
        Assert.Equal((ledger!.CreatedAt, OrchestrationRuntimeStatus.Running), (instance.CreatedAt, instance.RuntimeStatus));
        // It has started over since, with the line in its input.
        Assert.InRange(instance.ReadInputAs<AdmissionState>()!.Waiting.Count, 900, 1_000);
    }

    private static QuotaClaim InCluster => new(QuotaScope.Cluster, "default", QuotaKind.Concurrent, 1, 1);

    private static AdmissionTerms Terms(params IReadOnlyList<QuotaClaim> claims) => new(claims, Queue: true, TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(10));

    private static string Id(int number) => $"cf-{number:0000000000000000}";

    private static async Task<AdmissionLab> StartAsync(Func<CaptureOrder, AdmissionTerms>? terms = null, bool askingAgainFails = false)
    {
        AdmissionLab lab = new(terms ?? (_ => Terms(InCluster))) { AskingAgainFails = askingAgainFails };
        await lab.StartAsync();
        return lab;
    }
}
