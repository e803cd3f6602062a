using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Where things are: <c>ID/capture.pcap</c>, <c>ID/manifest.json</c> and what was made of the file; <c>log/ID.jsonl</c>; <c>heads/yyyy-MM-dd.json</c>; <c>index/yyyy-MM-dd/HHmmssfffffff-ID</c>, an empty blob whose
/// metadata say what the capture is found by; <c>staging/ID</c>, an empty blob that is there, and leased, while bytes are staged. A capture is
/// stored when its manifest is there; nothing else means anything without it.
/// </summary>
internal static class BlobNames
{
    public const string StagingPrefix = "staging/";
    public const string IndexPrefix = "index/";
    public const string LogPrefix = "log/";
    public const string HeadPrefix = "heads/";

    private const string DayFormat = "yyyy-MM-dd";
    private const string LogSuffix = ".jsonl";
    private const string TimeFormat = "HHmmssfffffff";

    /// <summary>The id itself. What is no id never becomes part of a name.</summary>
    public static string Checked(string captureId) =>
        CaptureIds.IsValid(captureId) ? captureId : throw new ArgumentException($"'{captureId}' is no capture id.", nameof(captureId));

    public static string File(string captureId) => $"{Checked(captureId)}/{EvidenceFiles.Capture}";

    public static string Manifest(string captureId) => $"{Checked(captureId)}/{EvidenceFiles.Manifest}";

    /// <param name="captureId">The capture.</param>
    /// <param name="fileName">One of <see cref="EvidenceFiles.Derived"/>.</param>
    public static string Derived(string captureId, string fileName) => EvidenceFiles.Derived.Contains(fileName)
        ? $"{Checked(captureId)}/{fileName}"
        : throw new ArgumentException($"'{fileName}' is not a derived file.", nameof(fileName));

    public static string Log(string captureId) => $"{LogPrefix}{Checked(captureId)}{LogSuffix}";

    /// <returns>The capture of a log; null for a name that is none's.</returns>
    public static string? TryIdOfLog(string logName) =>
        logName.Length > LogPrefix.Length + LogSuffix.Length && logName[LogPrefix.Length..^LogSuffix.Length] is var id && CaptureIds.IsValid(id) ? id : null;

    public static string Staging(string captureId) => StagingPrefix + Checked(captureId);

    /// <summary>Sorted by name, index entries are sorted by time and then by id.</summary>
    public static string Index(CaptureCursor place) => string.Create(
        CultureInfo.InvariantCulture,
        $"{IndexDay(DateOnly.FromDateTime(place.RequestedAt.UtcDateTime))}{place.RequestedAt.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture)}-{Checked(place.CaptureId)}");

    /// <returns>The capture of an index entry; null for a name that is none's.</returns>
    public static string? TryId(string indexName) =>
        indexName.Length > CaptureIds.Prefix.Length && indexName.LastIndexOf(CaptureIds.Prefix, StringComparison.Ordinal) is > 0 and var at && CaptureIds.IsValid(indexName[at..])
            ? indexName[at..]
            : null;

    public static string IndexDay(DateOnly day) => $"{IndexPrefix}{day.ToString(DayFormat, CultureInfo.InvariantCulture)}/";

    /// <returns>Null for a name that is no day's.</returns>
    public static DateOnly? TryDay(string prefix) =>
        prefix.StartsWith(IndexPrefix, StringComparison.Ordinal)
        && DateOnly.TryParseExact(prefix.AsSpan(IndexPrefix.Length).TrimEnd('/'), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            ? day
            : null;
}
