using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Node;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Runs one pod, as a kubelet does: its network, its containers, its status, its end.</summary>
internal sealed class PodWorker : IAsyncDisposable
{
    private readonly NodeInit _node;
    private readonly PodNetwork _network;
    private readonly ObjectStore _store;
    private readonly string _space;
    private readonly string _name;
    private readonly string _uid;
    private readonly JsonObject _pod;
    private readonly Lock _gate = new();
    private readonly List<ContainerWorker> _containers = [];
    private readonly List<Task> _running = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly string _startTime;
    private readonly Task _started;
    private PodPause? _pause;
    private int _number;

    internal PodWorker(NodeInit node, PodNetwork network, ObjectStore store, StoredObject pod)
    {
        (_node, _network, _store, _space, _name) = (node, network, store, pod.Namespace, pod.Name);
        _pod = pod.Read();
        _uid = _pod.Text("metadata", "uid")!;
        _startTime = store.Now();
        IsScheduled = _pod.Text("spec", "nodeName") == PodDefaults.NodeName;
        _number = IsScheduled && !OnHostNetwork ? network.TryTake() : 0;
        _containers.AddRange(_pod.Items("spec", "containers").Select(container => new ContainerWorker(this, container, isEphemeral: false)));
        _started = IsScheduled ? StartAsync() : Task.CompletedTask;
    }

    internal bool IsScheduled { get; }

    internal string Uid => _uid;

    /// <summary>Why the pod's sandbox could not be made; empty when it was.</summary>
    internal string Fault { get; private set; } = "";

    /// <summary>The kubelet's reason for having ended the pod; empty while it has not.</summary>
    internal string EndedReason { get; private set; } = "";

    // As a kubelet cuts it: a host's name has at most 63 characters, a pod's 253.
    private string HostName => _name.Length <= 63 ? _name : _name[..63].TrimEnd('-', '.');

    internal string FullName => $"{_name}_{_space}({_uid})";

    internal string Address => OnHostNetwork ? PodStatus.HostAddress : _number == 0 ? "" : PodNetwork.AddressOf(_number);

    private bool OnHostNetwork => _pod.Flag("spec", "hostNetwork");

    internal string StartTime => _startTime;

    internal JsonObject Spec => (JsonObject)_pod["spec"]!;

    internal IReadOnlyList<ContainerWorker> Containers
    {
        get
        {
            lock (_gate)
            {
                return [.. _containers];
            }
        }
    }

    internal string Now() => _store.Now();

    internal bool Restarts(bool isEphemeral, int code) => !isEphemeral && EndedReason.Length == 0 && (_pod.Text("spec", "restartPolicy") switch
    {
        "Never" => false,
        "OnFailure" => code != 0,
        _ => true,
    });

    /// <summary>Adds a container that was patched in; one that is there already is left alone.</summary>
    internal void EnsureEphemeral(JsonObject container)
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested || _containers.Any(present => present.Name == container.Text("name")))
            {
                return;
            }

            var worker = new ContainerWorker(this, container.Copy(), isEphemeral: true);
            _containers.Add(worker);
            _running.Add(RunWhenStartedAsync(worker));
        }

        Publish();
    }

    /// <summary>What the container needs to start, or why the kubelet refuses to create it.</summary>
    internal (ContainerStart? Start, string Refused) Prepare(JsonObject spec, ContainerImage image)
    {
        var (identity, refused) = ContainerIdentity.Of(_pod, spec);
        if (identity is null)
        {
            return (null, refused);
        }

        var target = spec.Text("targetContainerName") is { } name
            ? Containers.FirstOrDefault(container => container.Name == name)?.Process?.Id ?? 0
            : Spec.Flag("shareProcessNamespace") ? _pause!.Id : 0;
        return (ContainerCommand.Of(_pod, spec, image, identity, _node.Id, _pause!.Id, target), "");
    }

    /// <summary>Writes the status into the pod's object, unless the object is of another pod by now.</summary>
    internal void Publish()
    {
        _store.TryUpdate(ResourceCatalogue.Pods, _space, _name, pod =>
        {
            if (pod.Text("metadata", "uid") != _uid)
            {
                return null;
            }

            pod["status"] = PodStatus.Of(this, pod.At("status") as JsonObject);
            return pod;
        });
    }

    /// <summary>Ends the containers: TERM, then KILL after the grace time.</summary>
    internal async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        await _started.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Task all;
        lock (_gate)
        {
            all = Task.WhenAll(_running);
        }

        if (grace > TimeSpan.Zero)
        {
            SignalAll(NativeMethods.Terminate);
            await Task.WhenAny(all, Task.Delay(grace));
        }

        SignalAll(NativeMethods.Kill);
        await all.WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await DisposeAsync();
    }

    public ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _pause?.Dispose();
            _pause = null;
            if (_number != 0)
            {
                _network.Give(_number);
                _number = 0;
            }
        }

        return ValueTask.CompletedTask;
    }

    private async Task StartAsync()
    {
        // Off the request's thread: creating a pod answers at once, as a real server does.
        await Task.Yield();
        try
        {
            _pause = await PodPause.StartAsync(_node, OnHostNetwork ? PodDefaults.NodeName : HostName, OnHostNetwork, CancellationToken.None);
            if (!OnHostNetwork)
            {
                await _network.JoinAsync(_number, _pause.Id, CancellationToken.None);
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException or OperationCanceledException or TimeoutException)
        {
            Fault = failure.Message;
            Publish();
            return;
        }

        Publish();
        lock (_gate)
        {
            if (_pod.Number("spec", "activeDeadlineSeconds") is { } seconds)
            {
                _ = EndAtDeadlineAsync(seconds);
            }

            _running.AddRange(_containers.Where(container => !container.IsEphemeral).Select(container => container.RunAsync(_stopping.Token)));
        }
    }

    /// <summary>Ends the pod when its deadline comes, as a kubelet does; its object stays.</summary>
    private async Task EndAtDeadlineAsync(long seconds)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(seconds), _stopping.Token);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        EndedReason = "DeadlineExceeded";
        SignalAll(NativeMethods.Kill);
        Publish();
    }

    private async Task RunWhenStartedAsync(ContainerWorker worker)
    {
        await _started;
        if (Fault.Length > 0)
        {
            return;
        }

        await worker.RunAsync(_stopping.Token);
    }

    private void SignalAll(int signal)
    {
        foreach (var container in Containers)
        {
            container.Process?.Signal(signal);
        }
    }
}
