using System.Globalization;
using Google.Cloud.Compute.V1;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// The first host keys of each instance, remembered in its own metadata: a pod that reaches the metadata server can rewrite what the node publishes
/// (guest attributes), and no metadata. An instance that is made anew under the old name has another id, and nothing remembered.
/// </summary>
internal sealed class HostKeyMemory(InstanceKeys instances)
{
    /// <summary>The id of the instance, and below it a key a line.</summary>
    public const string Item = "captureflow-host-keys";

    private const int MostKeys = 8;
    private const int LongestKey = 2_000;

    /// <summary>The keys that were published first; those of now where none were remembered before.</summary>
    /// <returns>None for an instance that is gone, or has published none yet.</returns>
    public async Task<IReadOnlyList<string>> EnsureAsync(NodeInstance instance, IEnumerable<string> published, CancellationToken cancellationToken)
    {
        List<string> keys = [.. published.Where(IsKey).Take(MostKeys)];
        var found = await instances.EnsureItemAsync(
            instance,
            Item,
            now => Of(now).Length > 0 || keys.Count == 0 ? InstanceKeys.Setting(now.Metadata, Item) ?? string.Empty : string.Join('\n', [Id(now), .. keys]),
            cancellationToken);
        return found is null ? [] : Of(found);
    }

    private static string[] Of(Instance instance) =>
        InstanceKeys.Setting(instance.Metadata, Item)?.Split('\n') is [var id, .. var keys] && id == Id(instance) ? keys : [];

    private static string Id(Instance instance) => instance.Id.ToString(CultureInfo.InvariantCulture);

    private static bool IsKey(string text) => text.Length <= LongestKey && !text.Any(char.IsControl) && TrustedHostKey.TryRead(text) is not null;
}
