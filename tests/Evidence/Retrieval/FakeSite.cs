using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

/// <summary>A site that has one file and a script: what happens in the first reading, the second, and so on; after them it reads well.</summary>
internal sealed class FakeSite(byte[] file, params FakeSite.Reading[] script) : ICaptureSite
{
    private readonly Queue<Reading> _script = new(script);

    /// <summary>One reading: gives bytes from the offset to the sink and ends as <see cref="ICaptureSite.ReadAsync"/> may.</summary>
    public delegate Task<CaptureFault?> Reading(long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken);

    /// <summary>The offsets that were asked for.</summary>
    public List<long> Offsets { get; } = [];

    public int Piece { get; init; } = 7_000;

    /// <summary>What happens when the script is over; else the rest of the file.</summary>
    public Reading? Always { get; init; }

    public static CaptureFault Cut { get; } = new(FaultCodes.TransferCut, "The stream ended without a status.", "Again.");

    public Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        Offsets.Add(offset);
        var reading = _script.TryDequeue(out var next) ? next : Always ?? ToTheEnd;
        return reading(offset, sink, cancellationToken);
    }

    /// <summary>So many bytes, then a fault or an exception; null is a clean end.</summary>
    public Reading Gives(int count, CaptureFault? fault = null, Exception? thrown = null) => async (offset, sink, cancellationToken) =>
    {
        await SendAsync(file.AsMemory((int)offset, Math.Min(count, file.Length - (int)offset)), sink, cancellationToken);
        return thrown is null ? fault : throw thrown;
    };

    public Task<CaptureFault?> ToTheEnd(long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken) =>
        Gives(file.Length)(offset, sink, cancellationToken);

    public async Task SendAsync(ReadOnlyMemory<byte> bytes, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        for (; bytes.Length > 0; bytes = bytes[Math.Min(Piece, bytes.Length)..])
        {
            cancellationToken.ThrowIfCancellationRequested();
            await sink(bytes[..Math.Min(Piece, bytes.Length)], cancellationToken);
        }
    }

    public Task<StepResult<FleetPlan>> ResolveAsync(FleetOrder order, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepResult<Grant>> EnsureGrantAsync(CapturePlan plan, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepResult<Tap>> EnsureTapAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<RevocationProof> EnsureRevokedAsync(CapturePlan plan, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SweepReport> SweepAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SweepReport> AuditAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
