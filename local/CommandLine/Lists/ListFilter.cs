using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Which captures are wanted. The server looks for all but the status, which is picked out here.</summary>
internal sealed record ListFilter
{
    public string? Cluster { get; init; }

    public string? Namespace { get; init; }

    public string? Pod { get; init; }

    public string? RequestedBy { get; init; }

    public Verdict? Verdict { get; init; }

    public DateTimeOffset? From { get; init; }

    public DateTimeOffset? To { get; init; }

    /// <summary>Empty for any.</summary>
    public IReadOnlyList<CaptureState> Statuses { get; init; } = [];

    public bool Admits(CaptureStatus capture) => Statuses.Count == 0 || Statuses.Contains(capture.Status);

    /// <param name="pageSize">At most so many a page.</param>
    /// <param name="continuationToken">Null for the first page.</param>
    public string Query(int pageSize, string? continuationToken)
    {
        (string Name, string? Value)[] parts =
        [
            ("cluster", Cluster),
            ("namespace", Namespace),
            ("pod", Pod),
            ("requestedBy", RequestedBy),
            ("verdict", Verdict?.ToString()),
            ("from", Time(From)),
            ("to", Time(To)),
            ("pageSize", pageSize.ToString(CultureInfo.InvariantCulture)),
            ("continuationToken", continuationToken),
        ];
        var named = parts.Where(part => part.Value is not null);
        return string.Join('&', named.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
