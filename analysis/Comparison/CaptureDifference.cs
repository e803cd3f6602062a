namespace CaptureFlow.Analysis;

/// <summary>What two captures differ in, by the findings of their triage cards.</summary>
public sealed record CaptureDifference
{
    public const string CurrentSchema = "captureflow.diff/1";

    public string Schema { get; init; } = CurrentSchema;

    /// <summary>One line.</summary>
    public required string Summary { get; init; }

    /// <summary>The first file.</summary>
    public required FileFacts A { get; init; }

    /// <summary>The second file.</summary>
    public required FileFacts B { get; init; }

    /// <summary>Findings of the second that the first does not have, the worst first.</summary>
    public IReadOnlyList<OneSidedFinding> OnlyInB { get; init; } = [];

    /// <summary>How many there are, those included that are left out.</summary>
    public int OnlyInBCount { get; init; }

    /// <summary>Findings of the first that the second does not have, the worst first.</summary>
    public IReadOnlyList<OneSidedFinding> OnlyInA { get; init; } = [];

    /// <summary>How many there are, those included that are left out.</summary>
    public int OnlyInACount { get; init; }

    /// <summary>Findings of both that are at least twice as frequent in one of them, the worst first.</summary>
    public IReadOnlyList<FindingChange> Changed { get; init; } = [];

    /// <summary>How many there are, those included that are left out.</summary>
    public int ChangedCount { get; init; }

    /// <summary>How many findings both have about as often.</summary>
    public int Alike { get; init; }

    /// <summary>Of how many more subjects each kind of finding differs; they are left out to keep the comparison on a page.</summary>
    public IReadOnlyDictionary<string, int> LeftOut { get; init; } = new Dictionary<string, int>();

    /// <summary>Totals of both side by side.</summary>
    public IReadOnlyList<MeasureRow> Measures { get; init; } = [];

    /// <summary>What this comparison cannot say, and why.</summary>
    public IReadOnlyList<string> CannotSay { get; init; } = [];
}
