using System.ComponentModel.DataAnnotations;

namespace CaptureFlow.Evidence;

/// <summary>The bounds of one run of the retrieve step.</summary>
public sealed class RetrievalOptions
{
    public const string Section = "CaptureFlow:Retrieval";

    /// <summary>After this time a run returns with what it has, to be called again: activities stay under 8 minutes.</summary>
    /// <value>7 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:07:00")]
    public TimeSpan LongestRun { get; set; } = TimeSpan.FromMinutes(7);

    /// <summary>A transfer that brings no byte for this long is taken for cut. Load balancers cut idle connections after 30 to 60 seconds.</summary>
    /// <value>45 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Stall { get; set; } = TimeSpan.FromSeconds(45);

    /// <summary>So many breaks in a row, without a byte between them, end the transfer.</summary>
    /// <value>6.</value>
    [Range(1, 100)]
    public int BreaksWithoutProgress { get; set; } = 6;

    /// <summary>Pause before the transfer is taken up after a break; doubles with each further one without progress.</summary>
    /// <value>0.25 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(0.25);

    /// <summary>The longest such pause.</summary>
    /// <value>8 seconds.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Bytes after which what was staged is made to survive a crash: the most that is fetched twice.</summary>
    /// <value>64 MiB.</value>
    [Range(1, 1L << 30)]
    public long FlushEvery { get; set; } = 64L << 20;

    /// <summary>
    /// Bytes that a file may have over its plan's bound and still be fetched, for the sake of evidence; whatever comes behind them is not read.
    /// </summary>
    /// <value>1 MiB.</value>
    [Range(0, 1L << 30)]
    public long Slack { get; set; } = 1L << 20;
}
