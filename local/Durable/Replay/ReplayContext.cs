using System.Globalization;
using CaptureFlow.Local.Durable.History;
using CaptureFlow.Local.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Local.Durable.Replay;

/// <summary>The context that an orchestrator is given: it makes calls, and knows nothing of how they are carried out.</summary>
internal sealed class ReplayContext : TaskOrchestrationContext
{
    /// <summary>Longest custom status, in UTF-16 code units: Durable Task documents 16 KB, and other stores refuse more.</summary>
    private const int MaxCustomStatusLength = 16 * 1024 / sizeof(char);

    private readonly TurnScheduler _scheduler;
    private readonly DataConverter _converter;
    private readonly InstanceRow _instance;
    private int _guids;

    public ReplayContext(InstanceRow instance, TurnScheduler scheduler, DataConverter converter, ILoggerFactory loggers)
    {
        _instance = instance;
        _scheduler = scheduler;
        _converter = converter;
        LoggerFactory = loggers;
        Events = new ExternalEvents(converter);
    }

    public override TaskName Name => _instance.Name;

    public override string InstanceId => _instance.InstanceId;

    public override string Version => _instance.Version;

    public override ParentOrchestrationInstance? Parent
        => _instance.Parent is { } parent ? new ParentOrchestrationInstance(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => Now;

    public override bool IsReplaying => Replaying;

    /// <summary>The instant of the turn that is played.</summary>
    internal DateTime Now { get; set; }

    internal bool Replaying { get; set; }

    internal CallLedger Calls { get; } = new();

    internal ExternalEvents Events { get; }

    internal string? CustomStatus { get; private set; }

    internal ContinueAsNewOptions? StartingOver { get; private set; }

    protected override ILoggerFactory LoggerFactory { get; }

    public override T? GetInput<T>()
        where T : default => Read<T>(_instance.Input);

    public override async Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        RefuseForeignCaller();
        if (input is TaskOptions && options is null)
        {
            throw new ArgumentException("Task options were given as the activity's input. Name the argument: options.", nameof(input));
        }

        var payload = _converter.Serialize(input);
        var outcome = await new TaskRetry(this, name, options?.Retry)
            .RunAsync(() => Calls.Call(id => new TaskScheduled(id, name, payload)));
        return Read<TResult>(outcome.Result)!;
    }

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        RefuseForeignCaller();
        var instanceId = (options as SubOrchestrationOptions)?.InstanceId ?? NewGuid().ToString("N", CultureInfo.InvariantCulture);
        var payload = _converter.Serialize(input);
        var version = options?.Version?.Version ?? string.Empty;
        var outcome = await new TaskRetry(this, orchestratorName, options?.Retry).RunAsync(
            () => Calls.Call(id => new SubOrchestrationCreated(id, orchestratorName, instanceId, payload, version)));
        return Read<TResult>(outcome.Result)!;
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        RefuseForeignCaller();
        var due = fireAt.ToUniversalTime();
        return Calls.Call(id => new TimerCreated(id, due), cancellationToken);
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        RefuseForeignCaller();
        return Events.WaitFor<T>(eventName, cancellationToken);
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        RefuseForeignCaller();
        var input = _converter.Serialize(payload);
        Calls.Send(id => new EventSent(id, instanceId, eventName, input));
    }

    public override void SetCustomStatus(object? customStatus)
    {
        RefuseForeignCaller();
        var json = _converter.Serialize(customStatus);
        if (json?.Length > MaxCustomStatusLength)
        {
            var reason = string.Create(
                CultureInfo.InvariantCulture, $"A custom status has at most {MaxCustomStatusLength} characters; this has {json.Length}.");
            throw new ArgumentException(reason, nameof(customStatus));
        }

        CustomStatus = json;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true)
        => ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        RefuseForeignCaller();
        ArgumentNullException.ThrowIfNull(options);
        StartingOver = options;
    }

    public override Guid NewGuid()
    {
        RefuseForeignCaller();
        return DeterministicGuid.Create(InstanceId, CurrentUtcDateTime, _guids++);
    }

    private T? Read<T>(string? json) => json is null ? default : _converter.Deserialize<T>(json);

    private void RefuseForeignCaller()
    {
        if (!_scheduler.IsCurrent)
        {
            throw new IllegalAwaitException();
        }
    }
}
