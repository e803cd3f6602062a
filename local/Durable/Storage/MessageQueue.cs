using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>What instances have yet to be told: events, answers, and timers, which are messages from the future.</summary>
internal static class MessageQueue
{
    public static void Add(
        SqlSession session, Effects effects, string instanceId, string? executionId, MessageRank rank, DateTime due, HistoryEvent item)
    {
        session.Execute(
            "INSERT INTO messages(instance_id,execution_id,rank,due,timer_id,event) VALUES(?1,?2,?3,?4,?5,?6)",
            instanceId,
            executionId,
            (int)rank,
            due,
            (item as TimerFired)?.TimerId,
            HistoryJson.Write(item));
        effects.MessageAdded(instanceId, due);
    }

    /// <summary>Tells an instance something, whichever execution it is in. One that is over or unknown is not told.</summary>
    /// <returns>Whether there was somebody to tell.</returns>
    public static bool Post(SqlSession session, Effects effects, string instanceId, HistoryEvent item)
    {
        if (InstanceRow.Find(session, instanceId) is not { IsTerminal: false } target)
        {
            return false;
        }

        // An instance that is to start later hears nothing before its start, except that it need not start.
        var waits = target.StartAt > effects.Now && item is not ExecutionTerminated;
        Add(session, effects, instanceId, null, MessageRank.Normal, waits ? target.StartAt : effects.Now, item);
        return true;
    }

    /// <summary>Answers a call. An execution that is over, or was replaced, gets no answer.</summary>
    public static void Answer(SqlSession session, Effects effects, string instanceId, string executionId, HistoryEvent answer)
    {
        if (InstanceRow.Find(session, instanceId) is { IsTerminal: false } caller && caller.ExecutionId == executionId)
        {
            Add(session, effects, instanceId, executionId, MessageRank.Normal, effects.Now, answer);
        }
    }

    public static List<QueuedMessage> Due(SqlSession session, string instanceId, DateTime now) => session.Query(
        "SELECT id,execution_id,event FROM messages WHERE instance_id=?1 AND due<=?2 ORDER BY rank,due,id",
        row => new QueuedMessage(row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1), HistoryJson.Read(row.GetString(2))),
        instanceId,
        now);

    /// <summary>The instances that have something due, and when the next message after that falls due.</summary>
    public static (List<string> Ready, DateTime? Next) Schedule(SqlSession session, DateTime now)
    {
        var ready = session.Query("SELECT DISTINCT instance_id FROM messages WHERE due<=?1", row => row.GetString(0), now);
        var next = session.Query(
            "SELECT due FROM messages WHERE due>?1 ORDER BY due LIMIT 1",
            row => new DateTime(row.GetInt64(0), DateTimeKind.Utc),
            now);
        return (ready, next.Count == 0 ? null : next[0]);
    }
}
