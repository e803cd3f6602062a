namespace CaptureFlow.Analysis;

/// <summary>All requests of HTTP/1, HTTP/2 and gRPC in the clear together.</summary>
/// <param name="Requests">That were seen.</param>
/// <param name="Answers">That were seen, those without their request included.</param>
/// <param name="ClientErrors">Answers 400 to 499.</param>
/// <param name="ServerErrors">Answers from 500 on.</param>
/// <param name="GrpcErrors">Calls of gRPC that ended with another status than OK.</param>
/// <param name="Unanswered">Their connection ended before an answer, or they had waited for 5 seconds at the end of the capture.</param>
/// <param name="Unclear">
/// Requests of which it cannot be said whether they were answered: parts are not in the file, or they were under way at its end.
/// </param>
/// <param name="MedianMilliseconds">
/// From the first byte of a request to the first of its answer: an upper bound within a factor of two; null when none was seen.
/// </param>
/// <param name="LongestMilliseconds">The longest.</param>
/// <param name="Routes">Those with the most errors and requests.</param>
public sealed record HttpTotals(
    long Requests,
    long Answers,
    long ClientErrors,
    long ServerErrors,
    long GrpcErrors,
    long Unanswered,
    long Unclear,
    double? MedianMilliseconds,
    double? LongestMilliseconds,
    IReadOnlyList<HttpRouteRow> Routes)
{
    /// <summary>Of a capture without HTTP.</summary>
    public static HttpTotals None { get; } = new(0, 0, 0, 0, 0, 0, 0, null, null, []);
}
