using System.Security.Cryptography;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Telemetry;

/// <summary>A place where everything works at once: one packet is captured, and five are dropped.</summary>
internal sealed class FakeSite(TimeProvider time) : ICaptureSite
{
    public const int Dropped = 5;

    /// <summary>A pcap file with one packet of four bytes.</summary>
    public static readonly byte[] File =
    [
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0,
        0, 0, 0, 0x60, 0, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1, 2, 3, 4,
    ];

    public SweepReport Sweep { get; set; } = new(DateTimeOffset.UnixEpoch, [], [], [], ["default"]);

    public Func<CapturePlan, StepResult<Tap>>? Attach { get; set; }

    public RevocationProof Proof { get; set; } = new(true, []);

    /// <summary>Thrown instead of giving it; null when all is well.</summary>
    public Exception? RevokeThrows { get; set; }

    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) => Task.FromResult(
        StepResult.Of(new FleetPlan([FleetMember.Of(order.CaptureId, order.RequestedAt, "web-1", "1"), FleetMember.Of(order.CaptureId, order.RequestedAt, "web-2", "2")], [new("web-3", "not running: Pending")])));

    public Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken) => order.Target.Pod switch
    {
        "away" => throw new StepUnavailableException("The cluster is away."),
        "nosuch" => Task.FromResult(new Preflight(null, [new("target", PreflightOutcome.Refused, "There is none.", "Look.", "its words")], [Make.Fault])),
        _ => Task.FromResult(new Preflight(Make.Plan(order, time.GetUtcNow()), [new("target", PreflightOutcome.Passed, "It runs.")], [])),
    };

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken) => Task.FromResult(
        order.Target.Pod == "refused" ? StepResult.Fault<CapturePlan>(Make.Fault) : StepResult.Of(Make.Plan(order, time.GetUtcNow())));

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) => Task.FromResult(StepResult.Of(
        new Grant("shop", plan.Order.CaptureId, "uid-1", "uid-2", "captureflow-capture", time.GetUtcNow(), time.GetUtcNow().AddMinutes(5))));

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => Task.FromResult(
        Attach?.Invoke(plan) ?? StepResult.Of(new Tap(plan.Order.CaptureId, null, time.GetUtcNow(), true)));

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) =>
        Task.FromResult(StepResult.Of(new TapObservation(File.Length, Ended: false)));

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) => Task.FromResult(StepResult.Of(
        new TapSummary(File.Length, Convert.ToHexStringLower(SHA256.HashData(File)), 1, 1 + Dropped, Dropped, null, TapEnd.Window, plan.Order.Window.Duration.TotalSeconds, 0)));

    public async Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        await sink(File.AsMemory((int)offset), cancellationToken);
        return null;
    }

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) => RevokeThrows is { } thrown ? throw thrown : Task.FromResult(Proof);

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => Task.FromResult(Sweep);

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => Task.FromResult(Sweep);
}
