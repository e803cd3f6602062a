namespace CaptureFlow.Analysis;

/// <summary>How much an analysis may take. What does not fit is left out, and the card says so.</summary>
public sealed record AnalysisOptions
{
    /// <summary>Connections that are followed at the same time; beyond it, those that ended or were quiet longest are concluded.</summary>
    /// <value>20,000, about 25 MB.</value>
    public int Conversations { get; init; } = 20_000;

    /// <summary>DNS questions that wait for their answer at the same time; beyond it, the ones that waited longest are given up.</summary>
    /// <value>20,000.</value>
    public int Questions { get; init; } = 20_000;

    /// <summary>Bytes of messages that are not whole yet, of all connections together; beyond it, what they carry is left out.</summary>
    /// <value>32 MiB.</value>
    public int StreamBytes { get; init; } = 32 << 20;

    /// <summary>Findings of one kind, and rows of one table.</summary>
    /// <value>10.</value>
    public int Rows { get; init; } = 10;

    /// <summary>After this time no more packets are looked at.</summary>
    /// <value>2 minutes: a step of a capture may take 8.</value>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Whose clock says when that is.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
