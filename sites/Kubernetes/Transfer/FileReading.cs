using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Reads the tap's file from a byte on: plain at first, and compressed from where that pays. Offsets and limits are of plain bytes always, so
/// that a break of either kind of stream is taken up at the first missing one.
/// </summary>
internal sealed class FileReading(TapExec exec, IOptions<TapOptions> options, TimeProvider time, ILogger<FileReading> logger)
{
    private const long SkipBytes = 1L << 16;

    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    /// <summary>Hands the file's bytes from <paramref name="offset"/> on to a sink, at its pace.</summary>
    /// <returns>How the last stream ended, with the bytes that the sink has got in all.</returns>
    public async Task<ExecOutcome> ReadAsync(
        TapAddress tap, long offset, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, TimeSpan cap, CancellationToken cancellationToken)
    {
        var compressed = options.Value.Compression == TapCompression.On;
        var pace = options.Value.Compression == TapCompression.Auto ? new TransferPace(time) : null;
        var started = time.GetTimestamp();
        long given = 0;
        while (true)
        {
            var changes = false;
            var surplus = (int)((offset + given) % SkipBytes);
            var command = TapScripts.Read(tap.Container, (offset + given) / SkipBytes, compressed);
            var left = cap - time.GetElapsedTime(started);
            var limits = new ExecLimits(left > Shortest ? left : Shortest, Stall);
            var outcome = compressed
                ? await InflatingPump.RunAsync(feed => exec.StreamAsync(tap, command, feed, limits, cancellationToken), PassAsync, cancellationToken)
                : await exec.StreamAsync(tap, command, PassAsync, limits, cancellationToken);
            if (changes)
            {
                logger.Compresses(tap.Container, offset + given);
                compressed = true;
            }
            else if (compressed && outcome.ExitCode == TapScripts.NoCompressor)
            {
                compressed = false;
            }
            else
            {
                return outcome with { Bytes = given };
            }

            // The script skips whole blocks; what it sends too much is dropped here.
            async ValueTask PassAsync(ReadOnlyMemory<byte> bytes, CancellationToken token)
            {
                var drop = Math.Min(surplus, bytes.Length);
                surplus -= drop;
                if (drop < bytes.Length)
                {
                    await sink(bytes[drop..], token);
                    given += bytes.Length - drop;
                    changes = !compressed && pace?.Take(bytes.Span) == true;
                    if (changes)
                    {
                        // Ends this stream as a cut would; the next goes on where it was.
                        throw new IOException("The rest comes compressed.");
                    }
                }
            }
        }
    }
}
