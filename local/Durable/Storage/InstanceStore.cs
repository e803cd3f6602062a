using System.Globalization;
using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>Instances as the client sees them.</summary>
internal sealed class InstanceStore(DurableDatabase database)
{
    /// <summary>Writes a new instance, unless one with its id has a status that the caller calls a duplicate.</summary>
    /// <returns>The status of the instance that is in the way, or null when the new one was written.</returns>
    /// <remarks>One that is not over and is no duplicate is terminated and replaced, in the same transaction.</remarks>
    public Task<string?> CreateAsync(NewInstance instance, IReadOnlyCollection<string> duplicates, CancellationToken cancellation)
        => database.WriteAsync(
            (session, effects) =>
            {
                var existing = InstanceRow.Find(session, instance.InstanceId);
                if (existing is not null && duplicates.Contains(existing.Status))
                {
                    return existing.Status;
                }

                if (existing is { IsTerminal: false })
                {
                    InstanceCleanup.AnswerParent(session, effects, existing.Parent, InstanceStatus.Terminated, null, null);
                }

                instance.Insert(session, effects);
                return null;
            },
            cancellation);

    /// <summary>Tells an instance something. One that is over or unknown ignores it.</summary>
    public Task<bool> PostAsync(string instanceId, HistoryEvent item, CancellationToken cancellation)
        => database.WriteAsync((session, effects) => MessageQueue.Post(session, effects, instanceId, item), cancellation);

    /// <summary>Asks an instance to end, and with <paramref name="recursive"/> its sub-orchestrations too.</summary>
    public Task<int> TerminateAsync(string instanceId, string? output, bool recursive, CancellationToken cancellation)
        => database.WriteAsync(
            (session, effects) => Family(session, instanceId, recursive)
                .Count(id => MessageQueue.Post(session, effects, id, new ExecutionTerminated(output))),
            cancellation);

    public Task<InstanceRow?> FindAsync(string instanceId, CancellationToken cancellation)
        => database.ReadAsync(session => InstanceRow.Find(session, instanceId), cancellation);

    public Task<List<InstanceRow>> PageAsync(InstanceFilter filter, int size, CancellationToken cancellation)
        => database.ReadAsync(
            session => session.Query(
                $"""
                SELECT {InstanceRow.Columns} FROM instances
                WHERE (created,instance_id)>(?1,?2) AND created>=?3 AND created<=?4
                  AND (?5='' OR instr(?5,'|'||status||'|')>0) AND substr(instance_id,1,length(?6))=?6
                ORDER BY created,instance_id LIMIT ?7
                """,
                InstanceRow.Read,
                filter.AfterCreated,
                filter.AfterId,
                filter.CreatedFrom,
                filter.CreatedTo,
                filter.StatusList,
                filter.Prefix,
                size),
            cancellation);

    /// <summary>Forgets an instance that is over, and with <paramref name="recursive"/> its sub-orchestrations that are over.</summary>
    /// <exception cref="InvalidOperationException">The instance is not over.</exception>
    public Task<int> PurgeAsync(string instanceId, bool recursive, CancellationToken cancellation)
        => database.WriteAsync(
            (session, effects) =>
            {
                if (InstanceRow.Find(session, instanceId) is { IsTerminal: false } row)
                {
                    throw new InvalidOperationException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"Only an instance that is over can be purged; {instanceId} is {row.Status}."));
                }

                return Purge(session, effects, Family(session, instanceId, recursive));
            },
            cancellation);

    /// <summary>Forgets every instance that is over and passes the filter.</summary>
    public Task<int> PurgeAsync(InstanceFilter filter, bool recursive, CancellationToken cancellation)
        => database.WriteAsync(
            (session, effects) => session.Query(
                $"""
                SELECT instance_id FROM instances
                WHERE status IN {InstanceStatus.TerminalList} AND created>=?1 AND created<=?2 AND (?3='' OR instr(?3,'|'||status||'|')>0)
                """,
                row => row.GetString(0),
                filter.CreatedFrom,
                filter.CreatedTo,
                filter.StatusList).Sum(id => Purge(session, effects, Family(session, id, recursive))),
            cancellation);

    private static int Purge(SqlSession session, Effects effects, List<string> family)
    {
        var purged = 0;
        foreach (var id in family)
        {
            if (InstanceRow.Find(session, id) is { IsTerminal: true })
            {
                purged += InstanceCleanup.Delete(session, id);
                effects.Changed.Add(id);
            }
        }

        return purged;
    }

    private static List<string> Family(SqlSession session, string instanceId, bool recursive) => recursive
        ? session.Query(
            """
            WITH RECURSIVE family(id) AS (
                SELECT ?1 UNION SELECT instance_id FROM instances JOIN family ON parent_id=family.id)
            SELECT id FROM family
            """,
            row => row.GetString(0),
            instanceId)
        : [instanceId];
}
