using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// The keys that this process made and has not revoked. A step on another host, or after a restart, finds none and makes one more for the same
/// capture, under the same expiry; revoking removes all of a capture's keys, whoever made them.
/// </summary>
internal sealed class CaptureKeys(InstanceKeys instances, IOptions<GceOptions> options, TimeProvider time, ILogger<CaptureKeys> logger) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, CaptureKey> _held = [];

    /// <summary>A key that the instance's metadata lets in. Made once per process and capture.</summary>
    public async Task<CaptureKey> EnsureAsync(NodeInstance instance, string captureId, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        CaptureKey key;
        lock (_gate)
        {
            foreach (var old in _held.Where(pair => pair.Value.Line.ExpiresAt <= time.GetUtcNow()).ToList())
            {
                _held.Remove(old.Key);
            }

            if (!_held.TryGetValue(captureId, out key!))
            {
                // Metadata has whole seconds; a key must not outlive its grant.
                var whole = DateTimeOffset.FromUnixTimeSeconds(expiresAt.ToUnixTimeSeconds());
                _held[captureId] = key = CaptureKey.Make(options.Value.User, captureId, whole);
            }
        }

        await instances.EnsureKeyAsync(instance, key.Line, cancellationToken);
        logger.KeyAdded(captureId, key.Line.User, instance.ToString(), key.Line.ExpiresAt);
        return key;
    }

    public CaptureKey? TryFind(string captureId)
    {
        lock (_gate)
        {
            return _held.GetValueOrDefault(captureId);
        }
    }

    /// <summary>Forgets the private half.</summary>
    public void Drop(string captureId)
    {
        lock (_gate)
        {
            if (_held.Remove(captureId, out var key))
            {
                key.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var key in _held.Values)
            {
                key.Dispose();
            }

            _held.Clear();
        }
    }
}
