using System.Collections.Concurrent;
using System.Globalization;
using System.Security.Cryptography;
using CaptureFlow.Functions.Alerts.Bindings;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace CaptureFlow.Functions.Alerts.History;

/// <summary>
/// What alerts did, for who sets a binding up or wonders where a capture comes from. Calls are remembered for 7 days, an instance each;
/// those of strangers are counted and nothing else, and by this host alone.
/// </summary>
public sealed class AlertHistory(TimeProvider time, ILogger<AlertHistory> logger)
{
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>
    /// Most calls of a binding that this host remembers in an hour; a storm is one sender with one thing to say. The others are counted.
    /// </summary>
    private const int MostAnHour = 120;

    /// <summary>Once a reading has so many calls, it looks at no earlier day; a cleaning forgets no more than these at a time.</summary>
    private const int MostRead = 5_000;

    private readonly ConcurrentDictionary<string, CallBudget> _budgets = new(StringComparer.Ordinal);

    /// <summary>Remembers a call. An alert that was heeded is answered so, whatever becomes of its memory.</summary>
    internal async Task NoteAsync(
        AlertBinding binding, long alerts, IReadOnlyList<AlertOutcome> outcomes, DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (BudgetOf(binding).TryTake(now) is not { } unnoted)
        {
            return;
        }

        var unique = RandomNumberGenerator.GetHexString(8, lowercase: true);
        var id = string.Create(CultureInfo.InvariantCulture, $"{AlertCall.InstancePrefix}{now:yyyyMMddHHmmssfff}-{unique}");
        try
        {
            await client.ScheduleNewOrchestrationInstanceAsync(
                nameof(AlertCallOrchestrator), new AlertCall(binding.Name, now, alerts, outcomes, unnoted), new StartOrchestrationOptions(id), cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A boundary: each backend has exceptions of its own.
            Log.NotNoted(logger, binding.Name, e);
        }
    }

    /// <summary>Counts a call whose sender did not prove itself.</summary>
    internal void Refused(AlertBinding binding) => BudgetOf(binding).Refused();

    /// <summary>Such calls, on this host since it started.</summary>
    internal long RefusalsOf(AlertBinding binding) => BudgetOf(binding).Refusals;

    /// <summary>What is remembered, the newest first.</summary>
    internal async Task<IReadOnlyList<AlertCall>> ReadAsync(DurableTaskClient client, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        List<AlertCall> calls = [];

        // A task hub lists in an order of its own, and what is asked for is the last: so a day at a time, by the ids, which begin with the time.
        for (var day = now; day > now - Kept - TimeSpan.FromDays(1) && calls.Count < MostRead; day = day.AddDays(-1))
        {
            OrchestrationQuery ofDay = new()
            {
                InstanceIdPrefix = string.Create(CultureInfo.InvariantCulture, $"{AlertCall.InstancePrefix}{day:yyyyMMdd}"),
                CreatedFrom = now - Kept,
                FetchInputsAndOutputs = true,
            };
            await foreach (var instance in client.GetAllInstancesAsync(ofDay).WithCancellation(cancellationToken))
            {
                if (instance.Name == nameof(AlertCallOrchestrator) && instance.SerializedInput is not null && instance.ReadInputAs<AlertCall>() is { } call)
                {
                    calls.Add(call);
                }
            }
        }

        return [.. calls.OrderByDescending(call => call.At)];
    }

    /// <summary>Forgets what is older than 7 days.</summary>
    internal static async Task ForgetAsync(DurableTaskClient client, DateTimeOffset now, CancellationToken cancellationToken)
    {
        OrchestrationQuery old = new() { InstanceIdPrefix = AlertCall.InstancePrefix, CreatedTo = now - Kept };
        List<string> ids = [];
        await foreach (var instance in client.GetAllInstancesAsync(old).WithCancellation(cancellationToken))
        {
            if (instance.Name == nameof(AlertCallOrchestrator) && instance.IsCompleted && ids.Count < MostRead)
            {
                ids.Add(instance.InstanceId);
            }
        }

        foreach (var id in ids)
        {
            await client.PurgeInstanceAsync(id, cancellationToken);
        }
    }

    private CallBudget BudgetOf(AlertBinding binding) => _budgets.GetOrAdd(binding.Name, _ => new CallBudget(MostAnHour));
}
