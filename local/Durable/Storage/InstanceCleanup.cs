using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>The ends of instances.</summary>
internal static class InstanceCleanup
{
    /// <summary>Forgets an instance.</summary>
    /// <returns>1, or 0 when it was unknown.</returns>
    public static int Delete(SqlSession session, string instanceId)
    {
        DropPending(session, instanceId, alsoEvents: true);
        session.Execute("DELETE FROM history WHERE instance_id=?1", instanceId);
        return session.Execute("DELETE FROM instances WHERE instance_id=?1", instanceId);
    }

    /// <summary>Drops what an execution that is over was waiting for. Activities that are running go on, and nobody hears of them.</summary>
    public static void DropPending(SqlSession session, string instanceId, bool alsoEvents)
    {
        session.Execute("DELETE FROM activities WHERE instance_id=?1", instanceId);
        session.Execute(
            "DELETE FROM messages WHERE instance_id=?1 AND (?2 OR execution_id IS NOT NULL)", instanceId, alsoEvents);
    }

    /// <summary>Tells the caller of a sub-orchestration how it ended.</summary>
    public static void AnswerParent(
        SqlSession session, Effects effects, ParentCall? parent, string status, string? output, Failure? failure)
    {
        if (parent is null)
        {
            return;
        }

        HistoryEvent answer = status == InstanceStatus.Completed
            ? new TaskCompleted(parent.TaskId, output)
            : new TaskFailed(parent.TaskId, failure ?? new Failure("Terminated", output ?? "The sub-orchestration was terminated.", null, null));
        MessageQueue.Answer(session, effects, parent.InstanceId, parent.ExecutionId, answer);
    }
}
