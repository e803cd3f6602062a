using System.ComponentModel.DataAnnotations;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>How long captures, and what the orchestrations remember of them, are kept.</summary>
public sealed class RetentionOptions
{
    public const string Section = "CaptureFlow:Retention";

    /// <summary>Days that a stored capture is kept after its order; 0 keeps it until somebody deletes it.</summary>
    /// <value>30.</value>
    [Range(0, 36_500)]
    public int Days { get; set; } = 30;

    /// <summary>Other days for some verdicts, e.g. <c>"Lossy": 90</c>; 0 keeps them until somebody deletes them.</summary>
    /// <value>7 for <see cref="Verdict.Empty"/>.</value>
    public IDictionary<Verdict, int> DaysByVerdict { get; init; } = new Dictionary<Verdict, int> { [Verdict.Empty] = 7 };

    /// <summary>
    /// Bytes that were staged so long ago and not stored are dropped. A capture at its ceilings (an hour's window, 40 rounds of retrieval with their retries) may take 9 hours.
    /// </summary>
    /// <value>1 day.</value>
    [Range(typeof(TimeSpan), "12:00:00", "6.00:00:00")]
    public TimeSpan StagedFor { get; set; } = TimeSpan.FromDays(1);

    /// <summary>Days that the orchestration store remembers a capture that ended; 0 leaves it to others. The manifest is kept with the file.</summary>
    /// <value>30.</value>
    [Range(0, 36_500)]
    public int HistoryDays { get; set; } = 30;

    /// <summary>
    /// Days that the log of a capture is kept after its last entry; 0 keeps it until somebody deletes it. It outlives the file: who asked, had the
    /// rights and downloaded is asked long after.
    /// </summary>
    /// <value>400, a year and some.</value>
    [Range(0, 36_500)]
    public int LogDays { get; set; } = 400;

    /// <summary>These options at a time.</summary>
    public RetentionRules RulesAt(DateTimeOffset now) => new(
        now, Enum.GetValues<Verdict>().ToDictionary(verdict => verdict, verdict => DaysByVerdict.TryGetValue(verdict, out var days) ? days : Days), StagedFor, LogDays);
}
