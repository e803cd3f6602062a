using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CaptureFlow.Functions.Tests.Durable;

/// <summary>
/// Runs an orchestrator in one go, each call answered at once as scripted, and writes down every call that becomes a part of its history.
/// Progress (the custom status) does not, and is left out.
/// </summary>
internal sealed class ScriptedContext : TaskOrchestrationContext
{
    private readonly List<string> _calls = [];
    private readonly Dictionary<string, Action<object>> _raise = [];
    private readonly Dictionary<string, object> _answers = [];
    private readonly Dictionary<string, Queue<object>> _early = [];
    private DateTime _now = DateTime.UnixEpoch;

    /// <summary>The calls, one line each.</summary>
    public IReadOnlyList<string> Calls => _calls;

    public List<ActivityCall> Activities { get; } = [];

    /// <summary>Which event is raised instead of which timer, counted from 1; the timer then never fires.</summary>
    public (int Timer, string Event, object Payload)? Interruption { get; init; }

    public override TaskName Name => "Scripted";

    public override string InstanceId => "scripted";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    public ScriptedContext Answer(string name, object answer)
    {
        _answers[name] = answer;
        return this;
    }

    /// <summary>Events that are there before anybody waits for them.</summary>
    public ScriptedContext Early(string name, params IEnumerable<object> payloads)
    {
        _early[name] = new(payloads);
        return this;
    }

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        _calls.Add($"activity {name} {TypeName(input?.GetType())} -> {TypeName(typeof(TResult))}, {Retries(options)}");
        Activities.Add(new(name, input?.GetType(), typeof(TResult)));
        return Task.FromResult((TResult)_answers[name]);
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        _calls.Add($"sub-orchestrator {orchestratorName} {TypeName(input?.GetType())} -> {TypeName(typeof(TResult))}, {Retries(options)}");
        return Task.FromResult((TResult)_answers[orchestratorName]);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        _calls.Add(string.Create(CultureInfo.InvariantCulture, $"timer {(fireAt - _now).TotalSeconds:0.###} s"));
        if (Interruption is { } interruption && _calls.Count(call => call.StartsWith("timer", StringComparison.Ordinal)) == interruption.Timer)
        {
            _raise[interruption.Event](interruption.Payload);
            return new TaskCompletionSource().Task.WaitAsync(cancellationToken);
        }

        _now = fireAt;
        return Task.CompletedTask;
    }

    public override Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        _calls.Add($"wait for {eventName} {TypeName(typeof(T))}");
        if (_early.TryGetValue(eventName, out var early) && early.TryDequeue(out var there))
        {
            return Task.FromResult((T)there);
        }

        TaskCompletionSource<T> source = new();
        _raise[eventName] = payload => source.SetResult((T)payload);
        return source.Task;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => _calls.Add($"send {eventName} {TypeName(payload.GetType())}");

    public override void SetCustomStatus(object? customStatus)
    {
    }

    public override T? GetInput<T>()
        where T : default => throw new NotSupportedException("The input is a parameter.");

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => _calls.Add($"continue as new {TypeName(newInput?.GetType())}");

    public override Guid NewGuid()
    {
        _calls.Add("new guid");
        return Guid.Empty;
    }

    private static string Retries(TaskOptions? options) => options?.Retry?.Policy is { } policy
        ? string.Create(CultureInfo.InvariantCulture, $"{policy.MaxNumberOfAttempts} attempts from {policy.FirstRetryInterval.TotalSeconds} s")
        : "once";

    private static string TypeName(Type? type) => type switch
    {
        null => "nothing",
        { IsGenericType: true } => $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(TypeName))}>",
        _ => type.Name,
    };
}
