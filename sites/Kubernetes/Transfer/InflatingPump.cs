using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Hands the plain bytes of a compressed exec stream to a sink, in bounded memory and at the sink's pace. How many plain bytes may come is the
/// sink's to say: it throws, and nothing more is inflated.
/// </summary>
internal static class InflatingPump
{
    private const int PlainBytes = 64 * 1024;
    private const long HeldBytes = 512 * 1024;

    /// <param name="pump">Runs the exec with the sink that it is given.</param>
    /// <param name="sink">Gets the plain bytes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exec's outcome; cut, when what came was no whole gzip stream.</returns>
    public static async Task<ExecOutcome> RunAsync(
        Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, Task<ExecOutcome>> pump,
        Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink,
        CancellationToken cancellationToken)
    {
        var pipe = new Pipe(new PipeOptions(pauseWriterThreshold: HeldBytes, resumeWriterThreshold: HeldBytes / 2, useSynchronizationContext: false));
        var inflating = InflateAsync(pipe.Reader, sink, cancellationToken);
        ExecOutcome outcome;
        try
        {
            outcome = await pump(FeedAsync);
        }
        catch
        {
            await pipe.Writer.CompleteAsync();
            // The pump's end is what the caller hears of; the inflater only must not outlive it.
            await inflating.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        await pipe.Writer.CompleteAsync();
        try
        {
            await inflating;
            return outcome;
        }
        catch (InvalidDataException e)
        {
            return outcome with { End = outcome.End == ExecEnd.Exited ? ExecEnd.Truncated : outcome.End, ExitCode = null, Words = $"{outcome.Words} {e.Message}".Trim() };
        }

        async ValueTask FeedAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
        {
            if ((await pipe.Writer.WriteAsync(bytes, token)).IsCompleted)
            {
                // Taken for a cut by the pump; why it stopped is the inflater's to tell.
                throw new IOException("The inflater has stopped.");
            }
        }
    }

    private static async Task InflateAsync(PipeReader compressed, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(PlainBytes);
        try
        {
            await using var gzip = new GZipStream(compressed.AsStream(leaveOpen: true), CompressionMode.Decompress);
            while (await gzip.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                await sink(buffer.AsMemory(0, read), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            await compressed.CompleteAsync();
        }
    }
}
