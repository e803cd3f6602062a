using Google.Cloud.Compute.V1;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>The host keys that a node may show. Without any, nothing is trusted.</summary>
internal sealed class HostKeys(ComputeCalls calls, HostKeyMemory memory, IOptions<GceOptions> options)
{
    private const string Space = "hostkeys";

    public async Task<IReadOnlyList<TrustedHostKey>> OfAsync(NodeInstance instance, CancellationToken cancellationToken)
    {
        var texts = options.Value.HostKeys == HostKeySource.Pinned ? Pinned(instance) : await FirstAsync(instance, cancellationToken);
        List<TrustedHostKey> keys = [.. texts.Select(TrustedHostKey.TryRead).OfType<TrustedHostKey>()];
        return keys.Count > 0
            ? keys
            : throw new GceRefusalException(GceFaults.HostKey(
                instance, options.Value.HostKeys == HostKeySource.Pinned ? "no key of this instance is pinned" : "the instance publishes no host keys in its guest attributes"));
    }

    private IEnumerable<string> Pinned(NodeInstance instance) => options.Value.PinnedHostKeys.TryGetValue(instance.Name, out var key) ? [key] : [];

    // A key that is published beside the first ones is not trusted; one in the place of another says that somebody is at work there.
    private async Task<IEnumerable<string>> FirstAsync(NodeInstance instance, CancellationToken cancellationToken)
    {
        var published = await PublishedAsync(instance, cancellationToken);
        var first = await memory.EnsureAsync(instance, published, cancellationToken);
        var known = first.Select(TrustedHostKey.TryRead).OfType<TrustedHostKey>().ToList();
        var other = published.Select(TrustedHostKey.TryRead).OfType<TrustedHostKey>()
            .FirstOrDefault(key => known.Exists(it => it.Algorithm == key.Algorithm) && !known.Exists(it => it.Algorithm == key.Algorithm && it.Hash.AsSpan().SequenceEqual(key.Hash)));
        return other is null ? first : throw new GceRefusalException(GceFaults.HostKeyChanged(instance, other.Algorithm!));
    }

    private async Task<IReadOnlyList<string>> PublishedAsync(NodeInstance instance, CancellationToken cancellationToken)
    {
        try
        {
            var found = await calls.AskAsync(
                $"read the guest attributes of {instance}",
                (client, token) => client.GetGuestAttributesAsync(
                    new GetGuestAttributesInstanceRequest { Project = instance.Project, Zone = instance.Zone, Instance = instance.Name, QueryPath = Space + "/" }, token),
                cancellationToken);
            return [.. (found.QueryValue?.Items ?? []).Where(entry => entry.Namespace == Space).Select(entry => $"{entry.Key} {entry.Value}")];
        }
        catch (GceRefusalException refusal) when (refusal.Absent)
        {
            // How Google says that there are none.
            return [];
        }
    }
}
