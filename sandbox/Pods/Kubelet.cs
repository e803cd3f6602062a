using System.Collections.Concurrent;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Node;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Keeps a worker for every pod in the store.</summary>
internal sealed class Kubelet(NodeInit node, ObjectStore store) : IAsyncDisposable
{
    private readonly PodNetwork _network = new(node);
    private readonly ConcurrentDictionary<(string Namespace, string Name), PodWorker> _workers = [];
    private readonly ConcurrentDictionary<Task, byte> _endings = [];

    internal PodWorker? Find(string space, string name) => _workers.GetValueOrDefault((space, name));

    internal void Start(StoredObject pod)
    {
        var worker = new PodWorker(node, _network, store, pod);
        _workers[(pod.Namespace, pod.Name)] = worker;
        worker.Publish();
    }

    internal void EnsureEphemeral(StoredObject pod)
    {
        if (Find(pod.Namespace, pod.Name) is { } worker)
        {
            foreach (var container in pod.Read().Items("spec", "ephemeralContainers"))
            {
                worker.EnsureEphemeral(container);
            }
        }
    }

    /// <summary>
    /// Ends a pod; its object goes when its last process has, or at once without grace. Until then it can be entered like any other. May be asked for again,
    /// with less grace.
    /// </summary>
    internal void End(string space, string name, TimeSpan grace)
    {
        if (Find(space, name) is not { } worker)
        {
            return;
        }

        var ending = EndAsync(worker, space, name, grace);
        _endings.TryAdd(ending, 0);
        _ = ending.ContinueWith(done => _endings.TryRemove(done, out _), TaskScheduler.Default);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (space, name) in _workers.Keys)
        {
            End(space, name, TimeSpan.Zero);
        }

        await Task.WhenAll(_endings.Keys).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task EndAsync(PodWorker worker, string space, string name, TimeSpan grace)
    {
        if (grace == TimeSpan.Zero)
        {
            Forget(worker, space, name);
            store.TryRemove(ResourceCatalogue.Pods, space, name, worker.Uid);
        }

        await worker.StopAsync(worker.IsScheduled ? grace : TimeSpan.Zero);
        Forget(worker, space, name);
        store.TryRemove(ResourceCatalogue.Pods, space, name, worker.Uid);
    }

    // Another pod may have its name by now.
    private void Forget(PodWorker worker, string space, string name) => _workers.TryRemove(KeyValuePair.Create((space, name), worker));
}
