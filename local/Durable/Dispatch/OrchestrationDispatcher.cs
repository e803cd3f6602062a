using System.Diagnostics.CodeAnalysis;
using CaptureFlow.Local.Durable.Replay;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Durable.Dispatch;

/// <summary>Plays the turns of instances that are ready, several instances at a time, each of them alone.</summary>
internal sealed class OrchestrationDispatcher(
    TurnStore store,
    DurableRegistry registry,
    ReadyInstances ready,
    DataConverter converter,
    ILoggerFactory loggers,
    TimeProvider time)
{
    /// <summary>How long an instance rests after its turn could not be read or kept: a full disk, a locked file.</summary>
    private static readonly TimeSpan RestAfterFault = TimeSpan.FromSeconds(5);

    private readonly ILogger _log = loggers.CreateLogger<OrchestrationDispatcher>();

    /// <summary>One worker; the engine runs as many as may play at the same time.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var instanceId = await ready.TakeAsync(cancellation);
            ready.Begin(instanceId);
            try
            {
                await TurnAsync(instanceId, cancellation);
            }
            finally
            {
                ready.Done(instanceId);
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "A turn that cannot be read or kept is tried again; it must not end the worker.")]
    private async Task TurnAsync(string instanceId, CancellationToken cancellation)
    {
        try
        {
            if (await store.LoadAsync(instanceId, cancellation) is not { } input)
            {
                return;
            }

            var outcome = Play(input);
            if (!await store.CommitAsync(input, outcome))
            {
                Log.TurnOvertaken(_log, instanceId);
                ready.Signal(instanceId);
            }
            else if (outcome.Failure is { } failure)
            {
                Log.InstanceFailed(_log, input.Instance.Name, instanceId, failure.Type, failure.Message);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            throw;
        }
        catch (Exception exception)
        {
            Log.TurnFaulted(_log, instanceId, exception);
            _ = SignalLaterAsync(instanceId, cancellation);
        }
    }

    private TurnOutcome Play(TurnInput input)
    {
        var name = input.Instance.Name;
        if (!registry.TryGetOrchestrator(name, out var body))
        {
            body = (_, _) => throw new InvalidOperationException($"There is no orchestrator named {name} in this build.");
        }

        using var scope = Log.InstanceScope(_log, input.Instance.InstanceId);
        return OrchestrationTurn.Play(
            input, body, converter, loggers, time.GetUtcNow().UtcDateTime, () => Log.IllegalAwait(_log, name, input.Instance.InstanceId));
    }

    private async Task SignalLaterAsync(string instanceId, CancellationToken cancellation)
    {
        await Task.Delay(RestAfterFault, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ready.Signal(instanceId);
    }
}
