using System.Globalization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Local.CommandLine;

/// <summary>Which captures are wanted.</summary>
/// <param name="Asked">What the server looks for; the status is picked out here.</param>
internal sealed record ListFilter(CaptureFilter Asked)
{
    /// <summary>Empty for any.</summary>
    public IReadOnlyList<CaptureState> Statuses { get; init; } = [];

    public bool Admits(CaptureStatus capture) => Statuses.Count == 0 || Statuses.Contains(capture.Status);

    /// <param name="pageSize">At most so many a page.</param>
    /// <param name="continuationToken">Null for the first page.</param>
    public string Query(int pageSize, string? continuationToken)
    {
        (string Name, string? Value)[] parts =
        [
            ("cluster", Asked.Cluster),
            ("namespace", Asked.Namespace),
            ("pod", Asked.Pod),
            ("requestedBy", Asked.RequestedBy),
            ("verdict", Asked.Verdict?.ToString()),
            ("from", Time(Asked.From)),
            ("to", Time(Asked.To)),
            ("pageSize", pageSize.ToString(CultureInfo.InvariantCulture)),
            ("continuationToken", continuationToken),
        ];
        var named = parts.Where(part => part.Value is not null);
        return string.Join('&', named.Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}"));
    }

    private static string? Time(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);
}
