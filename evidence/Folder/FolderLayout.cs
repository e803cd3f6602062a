using System.Globalization;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Where things are: <c>yyyy/MM/dd/ID/</c> by the day of the order, <c>.staging/ID/</c>, and <c>.index/ID</c>, a small file with the
/// first one's path; <c>log/ID.jsonl</c>; <c>heads/yyyy-MM-dd.json</c>. The index entry is written before the capture moves to its place and means nothing until it is there.
/// </summary>
internal sealed class FolderLayout(string folder)
{
    public const string LogSuffix = ".jsonl";

    private const string DayFormat = "yyyy'/'MM'/'dd";

    public string Root { get; } = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));

    public string StagingRoot => Path.Combine(Root, ".staging");

    public string IndexRoot => Path.Combine(Root, ".index");

    public string LogRoot => Path.Combine(Root, "log");

    public string HeadsRoot => Path.Combine(Root, "heads");

    /// <summary>Locked while a proof or a derived file is added, whatever the capture: it takes milliseconds.</summary>
    public string ProofLock => Path.Combine(IndexRoot, ".proofs");

    /// <summary>The id itself. What is no id never becomes part of a path.</summary>
    public static string Checked(string captureId) =>
        CaptureIds.IsValid(captureId) ? captureId : throw new ArgumentException($"'{captureId}' is no capture id.", nameof(captureId));

    public string Staging(string captureId) => Path.Combine(StagingRoot, Checked(captureId));

    public string Log(string captureId) => Path.Combine(LogRoot, Checked(captureId) + LogSuffix);

    public string Head(DateOnly day) => Path.Combine(Root, CustodyDay.NameOf(day));

    public string StagedFile(string captureId) => Path.Combine(Staging(captureId), EvidenceFiles.Capture);

    public string Stored(CaptureOrder order) => Path.Combine(Root, Relative(order));

    /// <summary>The folder of a stored capture; null when it is not stored.</summary>
    public string? TryFind(string captureId)
    {
        if (!CaptureIds.IsValid(captureId))
        {
            return null;
        }

        string relative;
        try
        {
            relative = File.ReadAllText(Index(captureId));
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        var stored = Path.Combine(Root, relative);
        return IsStoredPath(relative, captureId) && File.Exists(Path.Combine(stored, EvidenceFiles.Manifest)) ? stored : null;
    }

    public async Task WriteIndexAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        OwnedFiles.EnsureFolder(Root, IndexRoot);
        await OwnedFiles.WriteAtomicallyAsync(Index(order.CaptureId), Encoding.ASCII.GetBytes(Relative(order)), cancellationToken);
    }

    /// <summary>The days' folders, the latest first.</summary>
    public IEnumerable<string> Days() =>
        from year in Numbered(Root, 4)
        from month in Numbered(year, 2)
        from day in Numbered(month, 2)
        select day;

    /// <returns>The day of one of <see cref="Days"/>' folders; null when there is no such day.</returns>
    public static DateOnly? TryDay(string folder) =>
        DateOnly.TryParseExact(folder[^10..].Replace(Path.DirectorySeparatorChar, '/'), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static IEnumerable<string> Numbered(string folder, int digits) => Directory.Exists(folder)
        ? Directory.EnumerateDirectories(folder)
            .Where(path => Path.GetFileName(path) is var name && name.Length == digits && name.All(char.IsAsciiDigit))
            .OrderDescending(StringComparer.Ordinal)
        : [];

    private static string Relative(CaptureOrder order) =>
        $"{order.RequestedAt.UtcDateTime.ToString(DayFormat, CultureInfo.InvariantCulture)}/{Checked(order.CaptureId)}";

    private static bool IsStoredPath(string relative, string captureId) =>
        relative.EndsWith("/" + captureId, StringComparison.Ordinal)
        && DateOnly.TryParseExact(relative.AsSpan(0, relative.Length - captureId.Length - 1), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private string Index(string captureId) => Path.Combine(IndexRoot, Checked(captureId));
}
