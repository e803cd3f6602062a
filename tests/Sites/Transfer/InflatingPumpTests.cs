using System.IO.Compression;
using CaptureFlow.Sites.Kubernetes;

namespace CaptureFlow.Sites.Tests.Transfer;

/// <summary>Compressed streams that are whole, cut, garbage, or a bomb.</summary>
public sealed class InflatingPumpTests
{
    private static readonly byte[] Plain = [.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i / 7))];
    private static readonly ExecOutcome Exited = new(ExecEnd.Exited, 0, 0, "", "");

    [Fact]
    public async Task Run_WholeStream_GivesThePlainBytes()
    {
        var got = new MemoryStream();

        var outcome = await InflatingPump.RunAsync(Sending(Compress(Plain), Exited), Into(got), CancellationToken.None);

        Assert.Equal(Exited, outcome);
        Assert.Equal(Plain, got.ToArray());
    }

    [Fact]
    public async Task Run_CutStream_GivesAPrefixAndSaysThatItWasCut()
    {
        var got = new MemoryStream();
        var compressed = Compress(Plain);
        var cut = Exited with { End = ExecEnd.Truncated, ExitCode = null };

        var outcome = await InflatingPump.RunAsync(Sending(compressed[..(compressed.Length / 2)], cut), Into(got), CancellationToken.None);

        Assert.Equal((ExecEnd.Truncated, null), (outcome.End, outcome.ExitCode));
        Assert.NotEqual(0, got.Length);
        Assert.Equal(Plain[..(int)got.Length], got.ToArray());
    }

    [Fact]
    public async Task Run_NoGzipAtAll_IsACutWithoutAByte()
    {
        var got = new MemoryStream();

        var outcome = await InflatingPump.RunAsync(Sending(Plain, Exited), Into(got), CancellationToken.None);

        Assert.Equal((ExecEnd.Truncated, null, 0L), (outcome.End, outcome.ExitCode, got.Length));
    }

    [Fact]
    public async Task Run_Bomb_InflatesNoMoreThanTheSinkTakes()
    {
        const long most = 1_000_000;
        var bomb = Compress(new byte[200_000_000]);
        long taken = 0;

        await Assert.ThrowsAsync<OperationCanceledException>(() => InflatingPump.RunAsync(
            Sending(bomb, Exited),
            (bytes, _) =>
            {
                taken += bytes.Length;
                return taken > most ? throw new OperationCanceledException("The file has more bytes than it may.") : ValueTask.CompletedTask;
            },
            CancellationToken.None));

        Assert.InRange(taken, most, most + (128 * 1024));
    }

    [Fact]
    public async Task Run_PumpFails_ItsErrorIsTheOneThatIsHeard() =>
        await Assert.ThrowsAsync<TimeoutException>(() => InflatingPump.RunAsync(
            async feed =>
            {
                await feed(Compress(Plain).AsMemory(0, 100), CancellationToken.None);
                throw new TimeoutException();
            },
            Into(new MemoryStream()),
            CancellationToken.None));

    // As the real pump: what the sink throws as an IOException is a cut.
    private static Func<Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>, Task<ExecOutcome>> Sending(byte[] bytes, ExecOutcome outcome) => async feed =>
    {
        try
        {
            foreach (var piece in bytes.Chunk(32 * 1024))
            {
                await feed(piece, CancellationToken.None);
            }

            return outcome;
        }
        catch (IOException e)
        {
            return outcome with { End = ExecEnd.Truncated, ExitCode = null, Words = e.Message };
        }
    };

    private static byte[] Compress(byte[] plain)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest))
        {
            gzip.Write(plain);
        }

        return compressed.ToArray();
    }

    private static Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> Into(MemoryStream file) => (bytes, _) =>
    {
        file.Write(bytes.Span);
        return ValueTask.CompletedTask;
    };
}
