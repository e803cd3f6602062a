using System.Globalization;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// What a blob says of its capture. Index tags, nine of the ten that a blob may have, for lifecycle rules and searches; they take few
/// characters, so others become <c>_</c> and a match by tag is checked again. Metadata are headers: there everything is escaped, and exact.
/// </summary>
internal static class BlobTags
{
    public const string Kind = "captureflow";
    public const string At = "at";
    public const string Sha256 = "sha256";

    private const int LongestTag = 256;
    private const string TagPunctuation = " +-./:=_";
    private const string AtFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static Dictionary<string, string> Tags(string kind, CaptureFacts facts)
    {
        Dictionary<string, string> tags = new()
        {
            [Kind] = kind,
            ["captureId"] = facts.CaptureId,
            ["namespace"] = Tag(facts.Namespace),
            ["pod"] = Tag(facts.Pod),
            ["requestedBy"] = Tag(facts.RequestedBy),
            ["verdict"] = facts.Verdict?.ToString() ?? string.Empty,
            ["day"] = facts.RequestedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            [At] = Time(facts.RequestedAt),
        };
        if (facts.Cluster is { } cluster)
        {
            tags["cluster"] = Tag(cluster);
        }

        return tags;
    }

    public static Dictionary<string, string> Metadata(CaptureFacts facts)
    {
        Dictionary<string, string> metadata = new()
        {
            ["captureid"] = facts.CaptureId,
            ["namespace"] = Escape(facts.Namespace),
            ["pod"] = Escape(facts.Pod),
            ["requestedby"] = Escape(facts.RequestedBy),
            ["requestedat"] = facts.RequestedAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
            ["verdict"] = facts.Verdict?.ToString() ?? string.Empty,
        };
        if (facts.Cluster is { } cluster)
        {
            metadata["cluster"] = Escape(cluster);
        }

        return metadata;
    }

    /// <returns>Null for a blob that says nothing of a capture.</returns>
    public static CaptureFacts? TryRead(IDictionary<string, string> metadata) =>
        metadata.TryGetValue("captureid", out var id) && CaptureIds.IsValid(id)
        && metadata.TryGetValue("requestedat", out var at)
        && DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var requestedAt)
            ? new(
                id,
                metadata.TryGetValue("cluster", out var cluster) ? Uri.UnescapeDataString(cluster) : null,
                Text(metadata, "namespace"),
                Text(metadata, "pod"),
                Text(metadata, "requestedby"),
                requestedAt,
                Enum.TryParse<Verdict>(Text(metadata, "verdict"), out var verdict) ? verdict : null)
            : null;

    /// <summary>The condition for index entries that may be wanted; more than wanted, since tags take few characters.</summary>
    public static string Condition(CaptureFilter filter, DateTimeOffset before)
    {
        List<string> conditions = [$"\"{Kind}\"='index'", $"\"{At}\"<'{Time(before)}'"];
        Add("cluster", filter.Cluster);
        Add("namespace", filter.Namespace);
        Add("pod", filter.Pod);
        Add("requestedBy", filter.RequestedBy);
        Add("verdict", filter.Verdict?.ToString());
        if (filter.From is { } from)
        {
            conditions.Add($"\"{At}\">='{Time(from)}'");
        }

        return string.Join(" AND ", conditions);

        // What a tag may hold has no quotes in it.
        void Add(string tag, string? value)
        {
            if (value is not null)
            {
                conditions.Add($"\"{tag}\"='{Tag(value)}'");
            }
        }
    }

    public static string Time(DateTimeOffset time) => time.UtcDateTime.ToString(AtFormat, CultureInfo.InvariantCulture);

    /// <summary>A value as a tag may hold it.</summary>
    public static string Tag(string value)
    {
        var tag = new StringBuilder(Math.Min(value.Length, LongestTag));
        foreach (var c in value.AsSpan(0, Math.Min(value.Length, LongestTag)))
        {
            tag.Append(char.IsAsciiLetterOrDigit(c) || TagPunctuation.Contains(c, StringComparison.Ordinal) ? c : '_');
        }

        return tag.ToString();
    }

    private static string Escape(string value) => Uri.EscapeDataString(value);

    private static string Text(IDictionary<string, string> metadata, string key) => metadata.TryGetValue(key, out var value) ? Uri.UnescapeDataString(value) : string.Empty;
}
