using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>Makes the temporary permission: a key on the instance, and roles where configured; effective when the node lets the key in.</summary>
internal sealed class GceGranting(
    NodeChecks checks, InstanceKeys instances, InstanceRoles roles, CaptureKeys keys, INodeSessions sessions, IOptions<GceOptions> options, TimeProvider time)
{
    public const string KeyRole = "ssh-keys";

    public async Task<StepResult<Grant>> EnsureAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var faults = await checks.CheckAsync(plan, cancellationToken);
        if (faults.Count > 0)
        {
            return StepResult.Fault<Grant>(faults);
        }

        var instance = NodeChecks.InstanceOf(plan);
        var id = plan.Order.CaptureId;
        var found = await instances.TryFindAsync(instance, cancellationToken)
            ?? throw new GceRefusalException(GceFaults.Failed("find the instance", instance.ToString()), absent: true);

        // A repeated grant expires when the first one does.
        var now = time.GetUtcNow();
        var expiresAt = InstanceKeys.Of(found).Where(key => key.CaptureId == id).Select(key => (DateTimeOffset?)key.ExpiresAt).Min() ?? now + plan.GrantLifetime;
        if (options.Value.Roles.Count > 0)
        {
            await roles.EnsureAsync(instance, options.Value.Roles, options.Value.Member!, id, expiresAt, cancellationToken);
        }

        var key = await keys.EnsureAsync(instance, id, expiresAt, cancellationToken);
        await using (await sessions.OpenAsync(plan, expiresAt, options.Value.LoginWithin, cancellationToken))
        {
            // The node let the key in: the grant is effective.
        }

        return StepResult.Of(new Grant(
            instance.ToString(), id, key.Line.User, key.Fingerprint, string.Join(", ", [KeyRole, .. options.Value.Roles]), now, key.Line.ExpiresAt));
    }
}
