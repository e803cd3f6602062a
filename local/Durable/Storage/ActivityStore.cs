using CaptureFlow.Local.Durable.History;

namespace CaptureFlow.Local.Durable.Storage;

/// <summary>
/// Activity calls that are not finished. A call is in the table until its one answer is written; a lease says who works on it, and
/// lapses when its owner stops renewing.
/// </summary>
internal sealed class ActivityStore(DurableDatabase database, string owner, TimeSpan lease)
{
    /// <summary>Leases the oldest call that nobody has, or whose owner is silent. Its own calls a host does not claim twice.</summary>
    public Task<ActivityClaim?> ClaimAsync(CancellationToken cancellation)
        => database.WriteLeaseAsync(
            (session, effects) => session.Query(
                """
                UPDATE activities SET lease_owner=?1, lease_until=?2, deliveries=deliveries+1
                WHERE id=(SELECT id FROM activities WHERE lease_owner IS NULL OR (lease_until<=?3 AND lease_owner<>?1) ORDER BY id LIMIT 1)
                RETURNING id,instance_id,execution_id,task_id,name,input,deliveries
                """,
                row => new ActivityClaim(
                    row.GetInt64(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetInt32(3),
                    row.GetString(4),
                    row.IsDBNull(5) ? null : row.GetString(5),
                    row.GetInt32(6)),
                owner,
                effects.Now + lease,
                effects.Now).FirstOrDefault(),
            cancellation);

    /// <summary>Prolongs every lease of this host.</summary>
    public Task<int> RenewAsync(CancellationToken cancellation)
        => database.WriteLeaseAsync(
            (session, effects) => session.Execute(
                "UPDATE activities SET lease_until=?1 WHERE lease_owner=?2", effects.Now + lease, owner),
            cancellation);

    /// <summary>Gives a call back unfinished: whoever starts next runs it.</summary>
    public Task<int> ReleaseAsync(ActivityClaim claim)
        => database.WriteLeaseAsync((session, _) => session.Execute(
            "UPDATE activities SET lease_owner=NULL, lease_until=0 WHERE id=?1 AND lease_owner=?2", claim.Id, owner));

    /// <summary>Takes back every lease. Only for a host that knows that no other host lives: it holds the folder's lock.</summary>
    public Task<int> ReclaimAllAsync(CancellationToken cancellation)
        => database.WriteAsync(
            (session, _) => session.Execute("UPDATE activities SET lease_owner=NULL, lease_until=0 WHERE lease_owner IS NOT NULL"),
            cancellation);

    /// <summary>
    /// Writes the answer to a call. The first to finish is the one that counts, whoever holds the lease by now: a body that ran to
    /// its end is as good as another.
    /// </summary>
    /// <returns>Whether this answer was the first, and somebody still waits for it.</returns>
    public Task<bool> AnswerAsync(ActivityClaim claim, HistoryEvent answer)
        => database.WriteAsync((session, effects) =>
        {
            if (session.Execute("DELETE FROM activities WHERE id=?1", claim.Id) == 0)
            {
                return false;
            }

            MessageQueue.Answer(session, effects, claim.InstanceId, claim.ExecutionId, answer);
            return true;
        });
}
