using System.Buffers;
using System.Globalization;
using CaptureFlow.Orchestrations;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Gce;

/// <summary>What is asked of a running tap on a node: how far it is, its own account of the file, and the file.</summary>
internal sealed class NodeTransfers(INodeSessions sessions, TimeProvider time)
{
    private const int Segment = 256 * 1024;

    private static readonly TimeSpan LookCap = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LoginCap = TimeSpan.FromSeconds(30);

    // Below an activity's time limit of 8 minutes, with room for the hashes and the connections around it.
    private static readonly TimeSpan FinishCap = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan FinishSlice = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ReadCap = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);

    public async Task<StepResult<TapObservation>> ObserveAsync(CapturePlan plan, Grant grant, CancellationToken cancellationToken)
    {
        await using var session = await sessions.OpenAsync(plan, grant.ExpiresAt, TimeSpan.Zero, cancellationToken);
        var answer = await session.RunAsync(NodeScripts.Observe(plan.Order.CaptureId), LookCap, cancellationToken);
        return answer.Output.Trim().Split(' ') is [var bytes, var state] && long.TryParse(bytes, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            ? StepResult.Of(new TapObservation(size, state == "ended"))
            : StepResult.Fault<TapObservation>(GceFaults.Gone());
    }

    public async Task<StepResult<TapSummary>> FinishAsync(CapturePlan plan, Grant grant, bool stopNow, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + FinishCap;
        while (time.GetUtcNow() < deadline)
        {
            // In slices, each a login of its own: a connection that breaks costs one of them.
            await using var session = await sessions.OpenAsync(plan, grant.ExpiresAt, LoginCap, cancellationToken);
            NodeAnswer answer;
            try
            {
                answer = await session.RunAsync(NodeScripts.Finish(plan.Order.CaptureId, stopNow, FinishSlice), FinishSlice + LookCap, cancellationToken);
            }
            catch (IOException)
            {
                continue;
            }

            switch (answer.ExitCode)
            {
                case 0 when SummaryText.TryRead(answer.Output) is { } summary:
                    return StepResult.Of(summary);
                case NodeScripts.NoTap:
                    return StepResult.Fault<TapSummary>(GceFaults.Gone());
                case NodeScripts.DiskFull:
                    return StepResult.Fault<TapSummary>(GceFaults.DiskFull(answer.Errors.Trim()));
            }
        }

        return StepResult.Fault<TapSummary>(new CaptureFault(
            FaultCodes.CaptureUnfinished,
            $"The tap has not ended after {FinishCap.TotalMinutes:0} minutes.",
            "What there is can still be retrieved; the node may be starved of CPU or disk."));
    }

    public async Task<CaptureFault?> ReadAsync(
        CapturePlan plan, Grant grant, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        long given = 0;
        var started = time.GetTimestamp();
        var buffer = ArrayPool<byte>.Shared.Rent(Segment);
        try
        {
            await using var file = await sessions.OpenFileAsync(plan, grant.ExpiresAt, NodeScripts.FilePath(plan.Order.CaptureId), offset, cancellationToken);
            while (true)
            {
                if (time.GetElapsedTime(started) > ReadCap)
                {
                    return Cut(offset, given, $"not done after {ReadCap.TotalMinutes:0} minutes");
                }

                var read = await ReadSomeAsync(file, buffer.AsMemory(0, Segment), cancellationToken);
                if (read == 0)
                {
                    return null;
                }

                await sink(buffer.AsMemory(0, read), cancellationToken);
                given += read;
            }
        }
        catch (FileNotFoundException)
        {
            return GceFaults.Gone();
        }
        catch (IOException e) when (e is not FileNotFoundException)
        {
            return Cut(offset, given, e.Message);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async Task<int> ReadSomeAsync(Stream file, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        using var stall = new CancellationTokenSource(Stall);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        try
        {
            return await file.ReadAsync(buffer, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new IOException($"no byte for {Stall.TotalSeconds:0} s", e);
        }
    }

    private static CaptureFault Cut(long offset, long given, string words) => new(
        FaultCodes.TransferCut,
        $"The transfer was cut after {given} bytes from offset {offset}.",
        "Nothing: it is taken up at the first missing byte.",
        Detail: words);
}
