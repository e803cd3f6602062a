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
            if (pod is null || pod.Metadata.Uid != plan.PodUid || TapStatus.IsPodEnded(pod))
            {
                return StepResult.Fault<Tap>(TapGone.PodGone(plan.Order.Target));
            }

            status = TapStatus.Of(pod, plan.Order.CaptureId);
            if (status?.State?.Terminated is { } ended)
            {
                return StepResult.Fault<Tap>(await CrashedAsync(granted, plan, ended, cancellationToken));
            }

            if (status?.State?.Running is not null)
            {
                if (await TryListenAsync(granted, plan, status, cancellationToken) is { } tap)
                {
                    return StepResult.Of(tap);
                }
            }
            else if (status?.State?.Waiting is { } waiting)
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
    private async Task<Tap?> TryListenAsync(IKubernetes granted, CapturePlan plan, V1ContainerStatus status, CancellationToken cancellationToken)
    {
        try
        {
            var (outcome, answer) = await exec.AskAsync(
                TapAddress.Of(granted, plan.Order), TapScripts.WaitListening(plan.Order.CaptureId, ListenCap), ListenCap + ListenCap, cancellationToken);
            var words = answer.Trim().Split(' ');
            return outcome.ExitCode == 0 && words is ["listening", var age] && long.TryParse(age, CultureInfo.InvariantCulture, out var centiseconds)
                ? new(plan.Order.CaptureId, ImageId(status), time.GetUtcNow() - TimeSpan.FromMilliseconds(10 * centiseconds), Ephemeral: true)
                : null;
        }
        catch (ClusterRefusalException refusal) when (refusal.Status is 400 or 404)
        {
            return null;
        }
    }

    private async Task<CaptureFault> CrashedAsync(IKubernetes granted, CapturePlan plan, V1ContainerStateTerminated ended, CancellationToken cancellationToken)
    {
        var words = ended.Message is { Length: > 0 } message ? message : await TryReadLogAsync(granted, plan, cancellationToken);
        return TapWaiting.Crashed(ended, words.Trim());
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

    private static string? ImageId(V1ContainerStatus status) => status.ImageID is { Length: > 0 } id ? id : null;
}
