namespace CaptureFlow.Analysis;

/// <summary>All questions to DNS over port 53, UDP and TCP, together.</summary>
/// <param name="Queries">Messages that ask, each retry counted.</param>
/// <param name="Answers">Messages that answer.</param>
/// <param name="NoSuchName">Answers with NXDOMAIN.</param>
/// <param name="ServerFailures">Answers with SERVFAIL.</param>
/// <param name="Unanswered">Questions without an answer, retries not counted; those of the capture's last second are left out.</param>
/// <param name="MedianMilliseconds">From the last time that it was asked to the answer: an upper bound within a factor of two; null when none was seen.</param>
/// <param name="LongestMilliseconds">The longest.</param>
public sealed record DnsTotals(
    long Queries,
    long Answers,
    long NoSuchName,
    long ServerFailures,
    long Unanswered,
    double? MedianMilliseconds,
    double? LongestMilliseconds);
