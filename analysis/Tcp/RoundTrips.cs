namespace CaptureFlow.Analysis;

/// <summary>Times in nanoseconds: how many, the largest, and a coarse distribution for the quantiles.</summary>
internal struct RoundTrips
{
    // A bucket for each power of two, from a microsecond to half an hour.
    private const int Buckets = 32;
    private const int Coarsest = 10;

    private uint[]? _buckets;

    public long Count { get; private set; }

    public long Largest { get; private set; }

    /// <summary>As the card shows them, to the microsecond; null when there are none.</summary>
    public readonly double? MedianMilliseconds => Count == 0 ? null : Milliseconds(Quantile(0.5));

    /// <inheritdoc cref="MedianMilliseconds"/>
    public readonly double? LongestMilliseconds => Count == 0 ? null : Milliseconds(Largest);

    /// <summary>The packet with the largest.</summary>
    public long LargestPacket { get; private set; }

    public void Add(long nanoseconds, long packet)
    {
        nanoseconds = Math.Max(0, nanoseconds);
        if (Count == 0 || nanoseconds > Largest)
        {
            (Largest, LargestPacket) = (nanoseconds, packet);
        }

        Count++;
        _buckets ??= new uint[Buckets];
        _buckets[Bucket(nanoseconds)]++;
    }

    public void Add(in RoundTrips other)
    {
        if (other.Count == 0)
        {
            return;
        }

        if (Count == 0 || other.Largest > Largest)
        {
            (Largest, LargestPacket) = (other.Largest, other.LargestPacket);
        }

        Count += other.Count;
        _buckets ??= new uint[Buckets];
        for (var i = 0; i < Buckets; i++)
        {
            _buckets[i] += other._buckets![i];
        }
    }

    /// <summary>An upper bound within a factor of two, and never above the largest.</summary>
    public readonly long Quantile(double part)
    {
        if (Count == 0)
        {
            return 0;
        }

        var wanted = (long)Math.Ceiling(Count * part);
        for (var i = 0; i < Buckets; i++)
        {
            wanted -= _buckets![i];
            if (wanted <= 0)
            {
                return Math.Min(Largest, 1L << (i + Coarsest + 1));
            }
        }

        return Largest;
    }

    /// <summary>Nanoseconds as the card shows them, to the microsecond.</summary>
    public static double Milliseconds(long nanoseconds) => Math.Round(nanoseconds / 1e6, 3);

    private static int Bucket(long nanoseconds) => Math.Clamp(63 - System.Numerics.BitOperations.LeadingZeroCount((ulong)nanoseconds | 1) - Coarsest, 0, Buckets - 1);
}
