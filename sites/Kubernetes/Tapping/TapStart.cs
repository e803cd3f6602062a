using System.Globalization;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Waits until a patched-in tap listens, or says why it never will.</summary>
internal sealed class TapStart(ClusterCalls calls, TapExec exec, TapGone gone, IOptions<TapOptions> options, TimeProvider time)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan SlowAfter = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ImageIdWithin = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ListenCap = TimeSpan.FromSeconds(20);

    public async Task<StepResult<Tap>> WaitAsync(IKubernetes granted, CapturePlan plan, CancellationToken cancellationToken)
    {
        var began = time.GetUtcNow();
        var deadline = began + options.Value.StartAllowance;
        DateTimeOffset? pullFailing = null;
        V1ContainerStatus? status = null;
        while (time.GetUtcNow() < deadline)
        {
            var pod = await gone.ReadAsync(granted, plan.Order.Target, cancellationToken);
            status = pod is null ? null : TapStatus.Of(pod, plan.Order.CaptureId);
            if (TapGone.IsPodGone(pod, plan, status))
            {
                return StepResult.Fault<Tap>(TapGone.PodGone(plan, pod));
            }

            if (status?.State?.Terminated is { } ended)
            {
                return StepResult.Fault<Tap>(await CrashedAsync(granted, plan, ended, cancellationToken));
            }

            // A kubelet reports a start up to a second after the fact; asking the container itself is the faster way to know.
            if (!TapWaiting.IsStuck(status) && await TryListenAsync(granted, plan, cancellationToken) is { } listeningAt)
            {
                return StepResult.Of(new Tap(plan.Order.CaptureId, await ImageIdAsync(granted, plan, cancellationToken), listeningAt, Ephemeral: plan.Place is null));
            }

            if (status?.State?.Waiting is { } waiting)
            {
                pullFailing = TapWaiting.IsFailingPull(waiting) ? pullFailing ?? time.GetUtcNow() : pullFailing;
                var tolerated = pullFailing is not { } since || time.GetUtcNow() - since < options.Value.PullTolerance;
                if (TapWaiting.Judge(waiting, plan.Image, tolerated ? null : options.Value.PullTolerance) is { } fault)
                {
                    return StepResult.Fault<Tap>(fault);
                }
            }

            await calls.PauseAsync(time.GetUtcNow() - began < SlowAfter ? Poll : SlowPoll, cancellationToken);
        }

        return StepResult.Fault<Tap>(new CaptureFault(
            FaultCodes.AttachTimeout,
            $"The tap does not listen after {options.Value.StartAllowance.TotalSeconds:0} s.",
            "kubectl describe pod shows what the node is waiting for; a slow image pull may need a larger CaptureFlow:Tap:StartAllowance.",
            Detail: TapWaiting.Describe(status)));
    }

    // Null when the exec was cut or the container ended meanwhile: the next look at the pod tells which.
    private async Task<DateTimeOffset?> TryListenAsync(IKubernetes granted, CapturePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            var (outcome, answer) = await exec.AskAsync(
                TapAddress.Of(granted, plan.Order), TapScripts.WaitListening(plan.Order.CaptureId, ListenCap), ListenCap + ListenCap, cancellationToken, TimeSpan.Zero);
            var words = answer.Trim().Split(' ');
            return outcome.ExitCode == 0 && words is ["listening", var age] && long.TryParse(age, CultureInfo.InvariantCulture, out var centiseconds)
                ? time.GetUtcNow() - TimeSpan.FromMilliseconds(10 * centiseconds)
                : null;
        }
        catch (Exception e) when (e is ClusterRefusalException { Status: 400 or 404 } or StepUnavailableException)
        {
            // Not started yet: kubelets answer 404 or 500.
            return null;
        }
    }

    private async Task<CaptureFault> CrashedAsync(IKubernetes granted, CapturePlan plan, V1ContainerStateTerminated ended, CancellationToken cancellationToken)
    {
        var words = ended.Message is { Length: > 0 } message ? message : await TryReadLogAsync(granted, plan, cancellationToken);
        return TapWaiting.Crashed(ended, words.Trim(), TapSpec.ChangesUser(plan));
    }

    private async Task<string> TryReadLogAsync(IKubernetes granted, CapturePlan plan, CancellationToken cancellationToken)
    {
        var target = plan.Order.Target;
        try
        {
            return await calls.AskAsync(
                "get pods/log",
                async token =>
                {
                    using var log = await granted.CoreV1.ReadNamespacedPodLogAsync(
                        target.Pod, target.Namespace, plan.Order.CaptureId, tailLines: 20, limitBytes: 4_096, cancellationToken: token);
                    using var reader = new StreamReader(log);
                    return await reader.ReadToEndAsync(token);
                },
                cancellationToken);
        }
        catch (ClusterRefusalException)
        {
            // The crash is the news; its log is a courtesy.
            return string.Empty;
        }
    }

    // Reported with the start, a moment later than the tap listens; it is for the record, so not worth a long wait.
    private async Task<string?> ImageIdAsync(IKubernetes granted, CapturePlan plan, CancellationToken cancellationToken)
    {
        var deadline = time.GetUtcNow() + ImageIdWithin;
        while (true)
        {
            var pod = await gone.ReadAsync(granted, plan.Order.Target, cancellationToken);
            if (pod is not null && TapStatus.Of(pod, plan.Order.CaptureId)?.ImageID is { Length: > 0 } id)
            {
                return id;
            }

            if (pod is null || time.GetUtcNow() > deadline)
            {
                return null;
            }

            await calls.PauseAsync(Poll, cancellationToken);
        }
    }
}
