using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>
/// What the storage service makes of the rules of an account, once a day: a blob is deleted as soon as one rule takes it and its days are over. 0 days are over
/// at once.
/// </summary>
internal sealed class LifecycleModel(JsonObject policy)
{
    private readonly IReadOnlyList<JsonNode> _rules = [.. policy.At("properties/policy/rules")!.AsArray().Select(rule => rule!)];

    /// <returns>The names of the rules that delete it.</returns>
    public IReadOnlyList<string> Deleting(StoredBlob blob, DateTimeOffset now) =>
        [.. _rules.Where(rule => Takes(rule.At("definition/filters")!, blob) && IsOver(rule, now - blob.ModifiedAt)).Select(rule => rule.Text("name")!)];

    private static bool Takes(JsonNode filters, StoredBlob blob) =>
        Texts(filters["blobTypes"]).Contains(blob.Type, StringComparer.Ordinal)
        && (Texts(filters["prefixMatch"]) is not { Count: > 0 } prefixes || prefixes.Any(prefix => blob.Path.StartsWith(prefix, StringComparison.Ordinal)))
        && (filters["blobIndexMatch"]?.AsArray() ?? []).All(match => blob.Tags.GetValueOrDefault(match!.Text("name")!) == match!.Text("value"));

    private static bool IsOver(JsonNode rule, TimeSpan age) =>
        rule.At("definition/actions/baseBlob/delete/daysAfterModificationGreaterThan") is { } days && age > TimeSpan.FromDays(days.GetValue<int>());

    private static List<string> Texts(JsonNode? list) => [.. (list?.AsArray() ?? []).Select(text => text!.ToString())];
}
