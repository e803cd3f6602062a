namespace CaptureFlow.Orchestrations;

/// <summary>The limits of one caller, namespace, node or cluster. What is null is not limited.</summary>
public sealed class QuotaLimits
{
    /// <summary>Most captures at a time that can be asked for here; beyond it a limit limits nothing.</summary>
    public const int MostConcurrent = 10_000;

    /// <summary>Most bytes a day, 1 PiB; likewise.</summary>
    public const long MostBytes = 1L << 50;

    /// <summary>Most minutes a day; likewise.</summary>
    public const int MostMinutes = 10_000_000;

    /// <summary>Captures at the same time.</summary>
    /// <value>Not limited; 1 to 10,000.</value>
    public int? Concurrent { get; set; }

    /// <summary>Bytes of capture files in a UTC day. The worst case is booked when a capture is let in, and corrected when it ends.</summary>
    /// <value>Not limited; at least 1 KiB.</value>
    public long? BytesPerDay { get; set; }

    /// <summary>Minutes of windows that keep more than headers, in a UTC day. Booked and corrected likewise.</summary>
    /// <value>Not limited; at least 1.</value>
    public int? PayloadMinutesPerDay { get; set; }

    /// <summary>What is set, and out of its range.</summary>
    public IEnumerable<string> Problems(string path)
    {
        if (Concurrent is < 1 or > MostConcurrent)
        {
            yield return $"{path}:{nameof(Concurrent)} has to be 1 to {MostConcurrent}.";
        }

        if (BytesPerDay is < 1_024 or > MostBytes)
        {
            yield return $"{path}:{nameof(BytesPerDay)} has to be 1024 to {MostBytes}.";
        }

        if (PayloadMinutesPerDay is < 1 or > MostMinutes)
        {
            yield return $"{path}:{nameof(PayloadMinutesPerDay)} has to be 1 to {MostMinutes}.";
        }
    }
}
