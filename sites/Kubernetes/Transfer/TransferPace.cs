using System.IO.Compression;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Watches the first bytes of a transfer and says whether compressing the rest would pay. It pays when the line, not the compressor, is what
/// is slow: gzip's fastest level does at least 40 MB/s on one core, and in a cluster a line does more than that.
/// </summary>
internal sealed class TransferPace(TimeProvider time)
{
    /// <summary>What gzip -1 is taken to do with plain bytes, per second.</summary>
    public const double CompressorRate = 40e6;

    private const double WorthWhile = 1.5;
    private const int SampleBytes = 256 * 1024;
    private const long EnoughBytes = 4 << 20;
    private static readonly TimeSpan EnoughTime = TimeSpan.FromSeconds(3);

    private readonly byte[] _sample = new byte[SampleBytes];
    private int _sampled;
    private long _bytes;
    private long? _started;
    private bool _decided;

    /// <summary>True once, when enough has been seen and the rest should come compressed.</summary>
    public bool Take(ReadOnlySpan<byte> bytes)
    {
        if (_decided)
        {
            return false;
        }

        if (_started is not { } started)
        {
            // What came before the clock started tells nothing of the pace.
            _started = time.GetTimestamp();
            Sample(bytes);
            return false;
        }

        Sample(bytes);
        _bytes += bytes.Length;
        var elapsed = time.GetElapsedTime(started);
        if (_sampled < SampleBytes || (_bytes < EnoughBytes && elapsed < EnoughTime))
        {
            return false;
        }

        _decided = true;
        return Pays(_bytes / Math.Max(elapsed.TotalSeconds, 1e-3), Ratio(_sample));
    }

    /// <param name="lineRate">Bytes per second that the line does.</param>
    /// <param name="ratio">Plain bytes for each compressed one.</param>
    public static bool Pays(double lineRate, double ratio) => Math.Min(CompressorRate, lineRate * ratio) > lineRate * WorthWhile;

    private void Sample(ReadOnlySpan<byte> bytes)
    {
        var taken = bytes[..Math.Min(bytes.Length, SampleBytes - _sampled)];
        taken.CopyTo(_sample.AsSpan(_sampled));
        _sampled += taken.Length;
    }

    private static double Ratio(byte[] sample)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(sample);
        }

        return (double)sample.Length / compressed.Length;
    }
}
