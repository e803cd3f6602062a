using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Node;

namespace CaptureFlow.Sandbox.Pods;

/// <summary>Keeps one container of a pod: pulls, starts, restarts by the pod's policy, and tells its state.</summary>
internal sealed class ContainerWorker(PodWorker pod, JsonObject spec, bool isEphemeral)
{
    private static readonly TimeSpan PullTime = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan PullRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FirstBackOff = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromMinutes(5);

    private readonly TaskCompletionSource _firstStart = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ContainerProcess? _process;
    private ContainerState? _lastState;
    private string _imageId = "";
    private string _containerId = "";
    private int _restarts;

    internal string Name { get; } = spec.Text("name") ?? "";

    internal bool IsEphemeral => isEphemeral;

    /// <summary>Whether it ran before, now waiting for a restart.</summary>
    internal bool HasRun => _lastState is not null;

    internal ContainerState State { get; private set; } = ContainerState.Waiting("ContainerCreating");

    internal bool IsReady { get; private set; }

    internal ContainerLog Log { get; private set; } = new();

    internal ContainerLog? PreviousLog { get; private set; }

    /// <summary>The running process; null when there is none.</summary>
    internal ContainerProcess? Process => State.IsRunning ? _process : null;

    /// <summary>Completes at the first start, or when the container will never start.</summary>
    internal Task FirstStart => _firstStart.Task;

    internal async Task RunAsync(CancellationToken stopping)
    {
        // The caller holds the pod's lock, and a state change takes the store's: never one within the other.
        await Task.Yield();
        var backOff = TimeSpan.Zero;
        try
        {
            while (await PullAsync(stopping) is { } image)
            {
                var code = await RunOnceAsync(image, stopping);
                if (code is null || stopping.IsCancellationRequested || !pod.Restarts(isEphemeral, code.Value))
                {
                    return;
                }

                if (backOff > TimeSpan.Zero)
                {
                    _lastState = State;
                    var message = string.Create(CultureInfo.InvariantCulture, $"back-off {backOff.TotalSeconds:0}s restarting failed container={Name} pod={pod.FullName}");
                    Set(ContainerState.Waiting("CrashLoopBackOff", message));
                    await Task.Delay(backOff, stopping);
                }

                backOff = backOff == TimeSpan.Zero ? FirstBackOff : TimeSpan.FromTicks(Math.Min(backOff.Ticks * 2, LongestBackOff.Ticks));
                _lastState = State.IsTerminated ? State : _lastState;
                _restarts++;
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The pod is being deleted; its worker ends the process.
        }
        finally
        {
            _firstStart.TrySetResult();
        }
    }

    internal JsonObject Status()
    {
        var status = new JsonObject
        {
            ["name"] = Name,
            ["state"] = State.ToJson(),
            ["lastState"] = _lastState?.ToJson() ?? new JsonObject(),
            ["ready"] = !isEphemeral && IsReady,
            ["restartCount"] = _restarts,
            ["image"] = spec.Text("image"),
            ["imageID"] = _imageId,
        };
        if (_containerId.Length > 0)
        {
            status["containerID"] = _containerId;
        }

        if (!isEphemeral)
        {
            status["started"] = State.IsRunning;
        }

        return status;
    }

    private async Task<ContainerImage?> PullAsync(CancellationToken stopping)
    {
        var name = spec.Text("image") ?? "";
        if (ContainerImage.Find(name) is { } image)
        {
            _imageId = image.Id;
            return image;
        }

        if (spec.Text("imagePullPolicy") == "Never")
        {
            Set(ContainerState.Waiting("ErrImageNeverPull", $"Container image \"{name}\" is not present with pull policy of Never"));
            return null;
        }

        await Task.Delay(PullTime, stopping);
        Set(ContainerState.Waiting("ErrImagePull", ContainerImage.PullFault(name)));
        await Task.Delay(PullRetry, stopping);
        Set(ContainerState.Waiting("ImagePullBackOff", $"Back-off pulling image \"{name}\": ErrImagePull: {ContainerImage.PullFault(name)}"));
        return null;
    }

    /// <summary>The exit code, or null when the container could not be created at all.</summary>
    private async Task<int?> RunOnceAsync(ContainerImage image, CancellationToken stopping)
    {
        var (start, refused) = pod.Prepare(spec, image);
        if (start is null)
        {
            Set(ContainerState.Waiting("CreateContainerConfigError", refused));
            return null;
        }

        _containerId = $"containerd://{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32))}";
        (PreviousLog, Log) = (Log, new ContainerLog());
        var (process, fault) = await ContainerProcess.StartAsync(start, stopping);
        var startedAt = pod.Now();
        if (process is null)
        {
            Log.Close();
            Set(ContainerState.Terminated(128, "StartError", "1970-01-01T00:00:00Z", startedAt, _containerId, fault));
            return 128;
        }

        using (process)
        {
            _process = process;
            var ended = process.RunToEndAsync(Log);
            IsReady = spec.At("readinessProbe") is null;
            Set(ContainerState.Running(startedAt));
            _firstStart.TrySetResult();
            using var probing = CancellationTokenSource.CreateLinkedTokenSource(stopping);
            var probe = ProbeAsync(process, probing.Token);
            var code = await ended;
            await probing.CancelAsync();
            await probe;
            IsReady = false;
            Log.Close();
            Set(ContainerState.Terminated(code, ReasonOf(code), startedAt, pod.Now(), _containerId));
            return code;
        }
    }

    private async Task ProbeAsync(ContainerProcess process, CancellationToken cancellation)
    {
        if (spec.Number("readinessProbe", "tcpSocket", "port") is not { } port)
        {
            return;
        }

        try
        {
            while (!ListeningPorts.Contains(process.Id, (int)port))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
            }

            IsReady = true;
            Set(State);
        }
        catch (OperationCanceledException)
        {
            // The container ended before it listened.
        }
    }

    private static string ReasonOf(int code) => code switch { 0 => "Completed", _ => "Error" };

    private void Set(ContainerState state)
    {
        State = state;
        pod.Publish();
    }
}
