using System.Text.Json;
using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>Reads what a turn starts from, and keeps what it leads to.</summary>
internal sealed class TurnStore(DurableDatabase database)
{
    /// <returns>Null when there is nothing to do: the instance is unknown or over, or no message is due.</returns>
    public Task<TurnInput?> LoadAsync(string instanceId, CancellationToken cancellation)
        => database.ReadAsync(
            session =>
            {
                if (InstanceRow.Find(session, instanceId) is not { IsTerminal: false } instance)
                {
                    return null;
                }

                var messages = MessageQueue.Due(session, instanceId, database.Now);
                if (messages.Count == 0)
                {
                    return null;
                }

                var history = session.Query(
                    "SELECT event FROM history WHERE instance_id=?1 ORDER BY sequence",
                    row => HistoryJson.Read(row.GetString(0)),
                    instanceId);
                return new TurnInput(instance, history, messages);
            },
            cancellation);

    /// <summary>
    /// Keeps a turn: history, calls, timers, answers and status, all or none.
    /// </summary>
    /// <returns>False when the instance has moved on since it was loaded (another host, a replacement): then nothing is kept.</returns>
    public Task<bool> CommitAsync(TurnInput input, TurnOutcome outcome)
        => database.WriteAsync((session, effects) =>
        {
            var instance = input.Instance;
            if (!TryAdvance(session, effects, instance, outcome))
            {
                return false;
            }

            foreach (var message in input.Messages)
            {
                session.Execute("DELETE FROM messages WHERE id=?1", message.Id);
            }

            effects.Changed.Add(instance.InstanceId);
            if (outcome.Next is { } next)
            {
                StartOver(session, effects, instance, next);
                SendAll(session, effects, instance, outcome.NewEvents.OfType<EventSent>());
                return true;
            }

            Append(session, instance.InstanceId, input.History.Count, outcome.NewEvents);
            if (InstanceStatus.IsTerminal(outcome.Status))
            {
                InstanceCleanup.DropPending(session, instance.InstanceId, alsoEvents: true);
                SendAll(session, effects, instance, outcome.NewEvents.OfType<EventSent>());
                InstanceCleanup.AnswerParent(session, effects, instance.Parent, outcome.Status, outcome.Output, outcome.Failure);
                return true;
            }

            SendAll(session, effects, instance, outcome.NewEvents.OfType<CallEvent>());
            CancelTimers(session, instance.InstanceId, outcome.CancelledTimers);
            return true;
        });

    private static bool TryAdvance(SqlSession session, Effects effects, InstanceRow instance, TurnOutcome outcome) => session.Execute(
        """
        UPDATE instances SET revision=revision+1,status=?4,output=?5,failure=?6,custom_status=?7,updated=?8
        WHERE instance_id=?1 AND execution_id=?2 AND revision=?3
        """,
        instance.InstanceId,
        instance.ExecutionId,
        instance.Revision,
        outcome.Status,
        outcome.Output,
        outcome.Failure is null ? null : JsonSerializer.Serialize(outcome.Failure, HistoryJson.Default.Failure),
        outcome.CustomStatus,
        effects.Now) == 1;

    private static void Append(SqlSession session, string instanceId, int sequence, IReadOnlyList<HistoryEvent> events)
    {
        foreach (var item in events)
        {
            session.Execute("INSERT INTO history VALUES(?1,?2,?3)", instanceId, sequence++, HistoryJson.Write(item));
        }
    }

    private static void StartOver(SqlSession session, Effects effects, InstanceRow instance, NextExecution next)
    {
        var executionId = Guid.NewGuid().ToString("N");
        var version = next.Version ?? instance.Version;
        InstanceCleanup.DropPending(session, instance.InstanceId, alsoEvents: false);
        session.Execute("DELETE FROM history WHERE instance_id=?1", instance.InstanceId);
        session.Execute(
            "UPDATE instances SET execution_id=?2,input=?3,version=?4 WHERE instance_id=?1",
            instance.InstanceId,
            executionId,
            next.Input,
            version);
        var started = new ExecutionStarted(instance.Name, next.Input, instance.Parent, version);
        MessageQueue.Add(session, effects, instance.InstanceId, executionId, MessageRank.Start, effects.Now, started);
        foreach (var item in next.CarriedOver)
        {
            MessageQueue.Add(session, effects, instance.InstanceId, null, MessageRank.CarriedOver, effects.Now, item);
        }
    }

    private static void SendAll(SqlSession session, Effects effects, InstanceRow caller, IEnumerable<CallEvent> calls)
    {
        foreach (var call in calls)
        {
            switch (call)
            {
                case TaskScheduled activity:
                    session.Execute(
                        "INSERT INTO activities(instance_id,execution_id,task_id,name,input) VALUES(?1,?2,?3,?4,?5)",
                        caller.InstanceId,
                        caller.ExecutionId,
                        activity.Id,
                        activity.Name,
                        activity.Input);
                    effects.ActivitiesQueued = true;
                    break;
                case TimerCreated timer:
                    var fired = new TimerFired(timer.Id, timer.FireAt);
                    MessageQueue.Add(
                        session, effects, caller.InstanceId, caller.ExecutionId, MessageRank.Normal, timer.FireAt, fired);
                    break;
                case SubOrchestrationCreated child:
                    StartChild(session, effects, caller, child);
                    break;
                case EventSent sent:
                    MessageQueue.Post(session, effects, sent.InstanceId, new EventRaised(sent.Name, sent.Input));
                    break;
            }
        }
    }

    private static void StartChild(SqlSession session, Effects effects, InstanceRow caller, SubOrchestrationCreated child)
    {
        if (InstanceRow.Find(session, child.InstanceId) is { IsTerminal: false } existing)
        {
            var failure = new Failure(
                typeof(global::DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException).FullName!,
                $"The sub-orchestration {child.Name} was not started: instance {child.InstanceId} is {existing.Status}.",
                null,
                null);
            MessageQueue.Answer(session, effects, caller.InstanceId, caller.ExecutionId, new TaskFailed(child.Id, failure));
            return;
        }

        var parent = new ParentCall(caller.Name, caller.InstanceId, caller.ExecutionId, child.Id);
        new NewInstance(child.InstanceId, child.Name, child.Version, child.Input, Parent: parent).Insert(session, effects);
    }

    private static void CancelTimers(SqlSession session, string instanceId, IReadOnlyCollection<int> timers)
    {
        foreach (var timer in timers)
        {
            session.Execute("DELETE FROM messages WHERE instance_id=?1 AND timer_id=?2", instanceId, timer);
        }
    }
}
