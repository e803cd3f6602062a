using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Asks, after revoking, whether everything is gone, and keeps the answers. Each question is repeated until its answer is the expected
/// one, within a bound: informers and kubelets hear of a change a moment later.
/// </summary>
internal sealed class RevocationQuestions(
    ClusterConnection connection, ClusterCalls calls, GrantObjects objects, AccessReviews reviews, TapRelease release, ClusterClock clock, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // An API server that accepted a token because it had not yet heard of the account's end remembers that for 10 s.
    private static readonly TimeSpan TokenPatience = TimeSpan.FromSeconds(15);

    // A kubelet tears the pod's sandbox down before the API server forgets the pod.
    private static readonly TimeSpan PodPatience = TimeSpan.FromSeconds(20);

    // A step has its bound; what may start for longer than any allowance is asked about again later.
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(5) + ClockSlack;

    // Of the longer graces, the reaper sees the end.
    private static readonly TimeSpan LongestGrace = TimeSpan.FromSeconds(60);

    // Node and API server agree on the time to this, where both have it from the network.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly Right Exec = new("create", "pods", "exec");
    private static readonly Right Start = new("create", "pods");
    private static readonly Right Attach = new("patch", "pods", "ephemeralcontainers");

    /// <param name="plan">The capture.</param>
    /// <param name="witness">A token of the account, or why there is none: then the end of its account stands for its own.</param>
    /// <param name="cancellationToken">Ends the asking.</param>
    public async Task<RevocationProof> AskAsync(CapturePlan plan, Witness witness, CancellationToken cancellationToken)
    {
        var (space, name) = (plan.Order.Target.Namespace, plan.Order.CaptureId);
        var accounts = AccountHome.Of(plan);
        var user = $"system:serviceaccount:{accounts}:{name}";
        var where = accounts == space ? "" : $" in {space}";
        var touch = plan.Place is null ? Attach : Start;
        var answers = await Task.WhenAll(
            plan.Place is null
                ? UntilAsync($"container {space}/{plan.Order.Target.Pod} {name}", "terminated", token => ContainerAsync(plan, token), cancellationToken, await ContainerPatienceAsync(plan, cancellationToken))
                : UntilAsync($"pod {space}/{name}", "404 NotFound", token => PodAsync(plan, token), cancellationToken, PodPatience),
            UntilAsync($"rolebinding {space}/{name}", "404 NotFound", token => BindingAsync(space, name, token), cancellationToken),
            UntilAsync($"serviceaccount {accounts}/{name}", "404 NotFound", token => AccountAsync(accounts, name, token), cancellationToken),
            UntilAsync($"may {user} {Exec}{where}", "denied", token => MayAsync(space, accounts, name, Exec, token), cancellationToken),
            UntilAsync($"may {user} {touch}{where}", "denied", token => MayAsync(space, accounts, name, touch, token), cancellationToken));
        var token = witness.Token is not { } shown
            ? new RevocationAnswer($"token of {user}", "401 Unauthorized", witness.Absence, answers[2].Holds, time.GetUtcNow())
            : await UntilAsync($"token of {user}", "401 Unauthorized", ct => WitnessAsync(space, shown, ct), cancellationToken, TokenPatience);
        return RevocationProof.Of([.. answers, token]);
    }

    private async Task<RevocationAnswer> UntilAsync(
        string question, string expected, Func<CancellationToken, Task<(string Answer, bool Holds)>> ask, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var deadline = time.GetUtcNow() + (patience ?? Patience);
        while (true)
        {
            var (answer, holds) = await TryAskAsync(ask, cancellationToken);
            if (holds || time.GetUtcNow() + Poll > deadline)
            {
                return new(question, expected, answer, holds, time.GetUtcNow());
            }

            await calls.PauseAsync(Poll, cancellationToken);
        }
    }

    // Kubelets do not tell of single containers of a pod that is being deleted: the tap's end is seen when the pod is gone.
    private async Task<TimeSpan> ContainerPatienceAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var pod = await release.FindPodAsync(plan.Order.Target, cancellationToken);
            if (pod?.Metadata is { DeletionTimestamp: not null, DeletionGracePeriodSeconds: { } grace })
            {
                return TimeSpan.FromSeconds(Math.Min(grace, LongestGrace.TotalSeconds)) + Patience;
            }

            // One that waits for its image may start until then; a minute or two of waiting is a proof instead of none.
            return pod is not null && TapStatus.Of(pod, plan.Order.CaptureId)?.State?.Waiting is not null
                && StartBy(pod, plan) is { } by && by + ClockSlack - clock.Now is var left && left > TimeSpan.Zero && left < LongestStart
                ? left + Patience
                : Patience;
        }
        catch (ClusterRefusalException)
        {
            // The question itself has the server's words.
            return Patience;
        }
    }

    // A question that may not be asked is answered no, in the server's words: the rest of the proof is worth having.
    private static async Task<(string Answer, bool Holds)> TryAskAsync(
        Func<CancellationToken, Task<(string Answer, bool Holds)>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await ask(cancellationToken);
        }
        catch (ClusterRefusalException refusal)
        {
            return (refusal.Message, false);
        }
    }

    private async Task<(string Answer, bool Holds)> ContainerAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var pod = await release.FindPodAsync(plan.Order.Target, cancellationToken);
        if (pod is null || pod.Metadata.Uid != plan.PodUid)
        {
            return ("pod is gone", true);
        }

        if (TapStatus.Spec(pod, plan.Order.CaptureId) is null)
        {
            return ("no such container", true);
        }

        return TapStatus.Of(pod, plan.Order.CaptureId)?.State switch
        {
            { Terminated: { } ended } => ($"terminated, {ended.Reason}, exit code {ended.ExitCode}", true),
            _ when TapStatus.IsPodEnded(pod) => ($"pod has ended: {pod.Status.Phase}", true),
            // The node goes on trying, whatever the reason: only the time that it may start in decides.
            { Waiting: { } waiting } when StartBy(pod, plan) is { } by => clock.Now >= by + ClockSlack
                ? ($"never started: {waiting.Reason}; from {Rfc3339.Write(by)} on it would end at once", true)
                : ($"waiting: {waiting.Reason}; it may start until {Rfc3339.Write(by)}", false),
            { Running: not null } => ("running", false),
            { Waiting: { } waiting } => ($"waiting: {waiting.Reason}", false),
            _ => ("not reported yet", false),
        };
    }

    private static DateTimeOffset? StartBy(V1Pod pod, CapturePlan plan) => TapStatus.Spec(pod, plan.Order.CaptureId) is { } spec ? TapSpec.StartBy(spec) : null;

    private async Task<(string Answer, bool Holds)> PodAsync(CapturePlan plan, CancellationToken cancellationToken) =>
        await release.FindPodAsync(plan.Order.Target, cancellationToken) is { } found ? Exists(found.Metadata) : ("404 NotFound", true);

    private async Task<(string Answer, bool Holds)> BindingAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        await objects.FindBindingAsync(@namespace, name, cancellationToken) is { } found ? Exists(found.Metadata) : ("404 NotFound", true);

    private async Task<(string Answer, bool Holds)> AccountAsync(string @namespace, string name, CancellationToken cancellationToken) =>
        await objects.FindAccountAsync(@namespace, name, cancellationToken) is { } found ? Exists(found.Metadata) : ("404 NotFound", true);

    private async Task<(string Answer, bool Holds)> MayAsync(
        string @namespace, string accounts, string name, Right right, CancellationToken cancellationToken)
    {
        var (allowed, words) = await reviews.AccountMayAsync(connection.Own, @namespace, accounts, name, right, cancellationToken);
        return (words, !allowed);
    }

    private async Task<(string Answer, bool Holds)> WitnessAsync(string @namespace, string witness, CancellationToken cancellationToken)
    {
        using var client = connection.As(witness);
        try
        {
            await reviews.MissingAsync(client, @namespace, [Exec], cancellationToken);
            return ("accepted", false);
        }
        catch (ClusterRefusalException refusal) when (refusal.Status == 401)
        {
            return ($"401 {refusal.Reason}: {refusal.Words}", true);
        }
    }

    private static (string Answer, bool Holds) Exists(V1ObjectMeta meta) =>
        (meta.DeletionTimestamp is null ? $"exists, uid {meta.Uid}" : $"being deleted, uid {meta.Uid}", false);
}
