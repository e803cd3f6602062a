using CaptureFlow.Orchestrations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>
/// Ends the tap, removes the capture's keys and roles, and asks until the key is refused. The tap first: unless this process knows that no key was
/// ever let in, or that the tap has ended, it may run. That there are no keys in the metadata says nothing of it: another host, or this one before
/// a restart, may have taken them back without reaching the tap. Then a key is put back to ask.
/// </summary>
internal sealed class NodeRevoking(
    InstanceKeys instances, InstanceRoles roles, CaptureKeys keys, INodeSessions sessions, IOptions<GceOptions> options, TimeProvider time, ILogger<NodeRevoking> logger)
{
    private const string Ended = "ended, its files deleted";

    private static readonly TimeSpan FreshKey = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan ReleaseCap = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);

    public async Task<RevocationProof> EnsureAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var instance = NodeChecks.InstanceOf(plan);
        var id = plan.Order.CaptureId;
        List<RevocationAnswer> answers = [];
        if (await instances.TryFindAsync(instance, cancellationToken) is not { } found)
        {
            // Keys, roles and tap went with it.
            keys.Drop(id);
            answers.Add(Answer($"instance {instance}", "404 NotFound", "404 NotFound", holds: true));
            return RevocationProof.Of(answers);
        }

        var ours = InstanceKeys.Of(found).Where(key => key.CaptureId == id).ToList();
        if (await EndTapAsync(plan, ours, cancellationToken) is { } tap)
        {
            answers.Add(tap);
        }

        await instances.EnsureNoKeysAsync(instance, key => key.CaptureId == id, cancellationToken);
        if (options.Value.Roles.Count > 0)
        {
            await roles.EnsureNoneAsync(instance, binding => InstanceRoles.CaptureOf(binding) == id, cancellationToken);
        }

        answers.AddRange(await AskAsync(plan, instance, cancellationToken));
        var proof = RevocationProof.Of(answers);
        if (proof.Proven)
        {
            keys.Drop(id);
        }

        logger.RevokedOn(id, instance.ToString(), proof.Proven);
        return proof;
    }

    // Null when there is nothing to end: this process made the only key, and it was never let in.
    private async Task<RevocationAnswer?> EndTapAsync(CapturePlan plan, List<SshKeyLine> ours, CancellationToken cancellationToken)
    {
        var id = plan.Order.CaptureId;
        var held = keys.TryFind(id);
        if (held is { TapEnded: true })
        {
            return Tap(plan, Ended, holds: true);
        }

        if (held is { LoggedIn: false, TapNotReached: false } && ours.All(line => line == held.Line))
        {
            return null;
        }

        try
        {
            var key = await keys.EnsureAsync(NodeChecks.InstanceOf(plan), id, time.GetUtcNow() + FreshKey, cancellationToken);
            key.TapNotReached = true;
            await using var session = await sessions.OpenAsync(plan, key.Line.ExpiresAt, options.Value.LoginWithin, cancellationToken);
            var answer = await session.RunAsync(NodeScripts.Release(id, ReleaseCap), ReleaseCap + Slack, cancellationToken);
            key.TapEnded = answer.ExitCode == 0 && answer.Output.Trim() is "ended" or "absent";
            return Tap(plan, key.TapEnded ? Ended : $"exit code {answer.ExitCode}: {answer.Output.Trim()} {answer.Errors.Trim()}".Trim(), key.TapEnded);
        }
        catch (Exception e) when (e is GceRefusalException or IOException or StepUnavailableException)
        {
            // The keys are taken back all the same; the tap ends by its own deadline.
            logger.NotEnded(id, plan.Node, e.Message);
            return Tap(plan, $"not asked: {e.Message}", holds: false);
        }
    }

    private async Task<IReadOnlyList<RevocationAnswer>> AskAsync(CapturePlan plan, NodeInstance instance, CancellationToken cancellationToken)
    {
        var id = plan.Order.CaptureId;
        List<RevocationAnswer> answers = [];
        var left = await instances.TryFindAsync(instance, cancellationToken) is { } found ? InstanceKeys.Of(found).Count(key => key.CaptureId == id) : 0;
        answers.Add(Answer($"keys of {id} in the ssh-keys of {instance}", "none", left == 0 ? "none" : $"{left}", left == 0));
        if (options.Value.Roles.Count > 0)
        {
            var policy = await roles.ReadAsync(instance, cancellationToken);
            var bound = policy.Bindings.Where(b => InstanceRoles.CaptureOf(b) == id).Select(b => b.Role).ToList();
            answers.Add(Answer($"roles of {id} in the IAM policy of {instance}", "none", bound.Count == 0 ? "none" : string.Join(", ", bound), bound.Count == 0));
        }

        // A key that was never let in proves nothing by being refused; it is gone from the metadata like any other.
        if (keys.TryFind(id) is { LoggedIn: true } key)
        {
            answers.Add(await AskLoginAsync(plan, key, cancellationToken));
        }

        return answers;
    }

    // The guest agent takes a removed key off the node within seconds, IAM its roles within minutes.
    private async Task<RevocationAnswer> AskLoginAsync(CapturePlan plan, CaptureKey key, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + options.Value.RefusedWithin;
        while (true)
        {
            var trial = await sessions.TryLoginAsync(plan, key, cancellationToken);
            if (trial.Refused || time.GetUtcNow() + Again > deadline)
            {
                return Answer($"SSH to {plan.Node} as {key.Line.User} with key {key.Fingerprint}", "refused", trial.Refused ? $"refused: {trial.Words}" : trial.Words, trial.Refused);
            }

            await Task.Delay(Again, time, cancellationToken);
        }
    }

    private RevocationAnswer Tap(CapturePlan plan, string words, bool holds) =>
        Answer($"tap {plan.Order.CaptureId} on {plan.Node}", Ended, words, holds);

    private RevocationAnswer Answer(string question, string expected, string answer, bool holds) => new(question, expected, answer, holds, time.GetUtcNow());
}
