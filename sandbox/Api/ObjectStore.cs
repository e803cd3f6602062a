using System.Globalization;
using System.Text.Json.Nodes;

namespace CaptureFlow.Sandbox.Api;

/// <summary>All objects of the cluster, in memory, with one version counter and a bounded history for watches.</summary>
internal sealed class ObjectStore(TimeProvider time)
{
    private const int HistoryLimit = 4096;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Kind, string Namespace, string Name), StoredObject> _objects = [];
    private readonly LinkedList<StoreEvent> _history = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version = 1;

    internal long Version
    {
        get
        {
            lock (_gate)
            {
                return _version;
            }
        }
    }

    /// <summary>Raised under no lock after each change.</summary>
    internal event Action<StoreEvent>? Changed;

    internal DateTimeOffset Time => time.GetUtcNow();

    internal string Now() => Timestamp(Time);

    internal static string Timestamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    internal StoredObject? Get(ResourceKind kind, string space, string name)
    {
        lock (_gate)
        {
            return _objects.GetValueOrDefault((kind.QualifiedName, space, name));
        }
    }

    /// <summary>Objects of one kind by namespace and name; an empty <paramref name="space"/> means all namespaces.</summary>
    internal IReadOnlyList<StoredObject> List(ResourceKind kind, string space = "") => ListAt(kind, space).Items;

    internal (long Version, IReadOnlyList<StoredObject> Items) ListAt(ResourceKind kind, string space)
    {
        lock (_gate)
        {
            var items = _objects.Values
                .Where(item => item.Kind == kind && (space.Length == 0 || item.Namespace == space))
                .OrderBy(item => item.Namespace, StringComparer.Ordinal)
                .ThenBy(item => item.Name, StringComparer.Ordinal)
                .ToList();
            return (_version, items);
        }
    }

    /// <summary>Stores a new object with a uid and a creation time; null when the name is taken.</summary>
    internal StoredObject? CreateIfAbsent(ResourceKind kind, string space, string name, JsonObject content)
    {
        StoreEvent change;
        lock (_gate)
        {
            if (_objects.ContainsKey((kind.QualifiedName, space, name)))
            {
                return null;
            }

            var metadata = content.Child("metadata");
            metadata["name"] = name;
            metadata["uid"] = Guid.NewGuid().ToString();
            metadata["creationTimestamp"] = Now();
            if (kind.Namespaced)
            {
                metadata["namespace"] = space;
            }

            change = Record("ADDED", kind, space, name, content, previous: null);
        }

        Changed?.Invoke(change);
        return change.Object;
    }

    /// <summary>Applies a change to the present version; null when there is no such object. A change that alters nothing is no event.</summary>
    internal StoredObject? TryUpdate(ResourceKind kind, string space, string name, Func<JsonObject, JsonObject?> change)
    {
        StoreEvent done;
        lock (_gate)
        {
            if (!_objects.TryGetValue((kind.QualifiedName, space, name), out var present))
            {
                return null;
            }

            var content = change(present.Read());
            if (content is null || JsonNode.DeepEquals(content, present.Read()))
            {
                return present;
            }

            done = Record("MODIFIED", kind, space, name, content, present);
        }

        Changed?.Invoke(done);
        return done.Object;
    }

    internal StoredObject? TryRemove(ResourceKind kind, string space, string name, string? uid = null)
    {
        StoreEvent done;
        lock (_gate)
        {
            if (!_objects.TryGetValue((kind.QualifiedName, space, name), out var present)
                || (uid is not null && present.Read().Text("metadata", "uid") != uid))
            {
                return null;
            }

            done = Record("DELETED", kind, space, name, present.Read(), present);
        }

        Changed?.Invoke(done);
        return done.Object;
    }

    /// <summary>Events after a version, waiting for the next when there are none; null when the version is older than the history.</summary>
    internal async Task<IReadOnlyList<StoreEvent>?> EventsAfterAsync(ResourceKind kind, long version, CancellationToken cancellation)
    {
        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (_history.First is { } first && first.Value.Object.Version > version + 1 && _history.Count >= HistoryLimit)
                {
                    return null;
                }

                var events = _history.Where(item => item.Object.Kind == kind && item.Object.Version > version).ToList();
                if (events.Count > 0)
                {
                    return events;
                }

                changed = _changed.Task;
            }

            await changed.WaitAsync(cancellation);
        }
    }

    private StoreEvent Record(string type, ResourceKind kind, string space, string name, JsonObject content, StoredObject? previous)
    {
        _version++;
        content.Child("metadata")["resourceVersion"] = _version.ToString(CultureInfo.InvariantCulture);
        content["kind"] = kind.Kind;
        content["apiVersion"] = kind.ApiVersion;
        var stored = new StoredObject(kind, space, name, _version, content.ToBytes());
        if (type == "DELETED")
        {
            _objects.Remove((kind.QualifiedName, space, name));
        }
        else
        {
            _objects[(kind.QualifiedName, space, name)] = stored;
        }

        var done = new StoreEvent(type, stored, previous);
        _history.AddLast(done);
        if (_history.Count > HistoryLimit)
        {
            _history.RemoveFirst();
        }

        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
        return done;
    }
}
