using System.Text.Json;
using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>An instance to be.</summary>
internal sealed record NewInstance(
    string InstanceId,
    string Name,
    string Version,
    string? Input,
    DateTime? StartAt = null,
    IReadOnlyDictionary<string, string>? Tags = null,
    ParentCall? Parent = null)
{
    /// <summary>Writes it, in place of whatever bore its id. The caller has made sure that this may be replaced.</summary>
    public void Insert(SqlSession session, Effects effects)
    {
        InstanceCleanup.Delete(session, InstanceId);
        var start = StartAt is { } at && at > effects.Now ? at : effects.Now;
        var executionId = Guid.NewGuid().ToString("N");
        session.Execute(
            """
            INSERT INTO instances(instance_id,execution_id,name,version,status,revision,input,tags,parent,parent_id,created,updated,start_at)
            VALUES(?1,?2,?3,?4,'Pending',0,?5,?6,?7,?8,?9,?9,?10)
            """,
            InstanceId,
            executionId,
            Name,
            Version,
            Input,
            Tags is { Count: > 0 } ? JsonSerializer.Serialize(Tags, HistoryJson.Default.IReadOnlyDictionaryStringString) : null,
            Parent is null ? null : JsonSerializer.Serialize(Parent, HistoryJson.Default.ParentCall),
            Parent?.InstanceId,
            effects.Now,
            start);
        var started = new ExecutionStarted(Name, Input, Parent, Version);
        MessageQueue.Add(session, effects, InstanceId, executionId, MessageRank.Start, start, started);
        effects.Changed.Add(InstanceId);
    }
}
