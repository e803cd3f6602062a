using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Plans, and looks at what could stop the capture later or harm the pod. Reads, and asks the server to try; changes nothing.</summary>
internal sealed class Preflighting(Planning planning, RoleCheck role, AdmissionCheck admission, ImageCheck image)
{
    public async Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var survey = await planning.SurveyAsync(order, cancellationToken);
        List<PreflightCheck> checks = [.. OfPlan(survey)];
        List<CaptureFault> faults = [.. survey.Faults];
        if (survey is { Pod: { } pod, Draft: { } draft })
        {
            checks.Add(Storage(pod, order));
            checks.Add(Earlier(pod, order));
            checks.Add(Account(draft));
            foreach (var look in await Task.WhenAll(
                role.LookAsync(CaptureRole.InPod, cancellationToken),
                admission.LookAsync(pod, draft, cancellationToken),
                image.LookAsync(draft.Node, pod.Metadata.NamespaceProperty, draft.Image, cancellationToken)))
            {
                checks.Add(look.Check);
                faults.AddRange(look.Faults);
            }
        }

        return new(faults.Count == 0 ? survey.Draft : null, checks, faults);
    }

    private static IEnumerable<PreflightCheck> OfPlan(PlanSurvey survey)
    {
        if (survey.Pod is { } pod)
        {
            var containers = string.Join(", ", pod.Spec.Containers.Select(c => c.Name));
            yield return new(
                "target",
                PreflightOutcome.Passed,
                $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name} on node {pod.Spec.NodeName}, {pod.Status?.Phase}, addresses {string.Join(", ", pod.Status?.PodIPs?.Select(ip => ip.Ip) ?? [])}, containers {containers}.");
        }

        // Storage has a check of its own, which says the limit as well.
        foreach (var fault in survey.Faults.Where(fault => fault.Code != FaultCodes.StorageOverLimit))
        {
            yield return new(Subject(fault), PreflightOutcome.Refused, fault.Message, fault.Remedy, fault.Detail);
        }

        if (survey.Pod is not null && survey.Missing.Count == 0)
        {
            yield return new("rights", PreflightOutcome.Passed, $"CaptureFlow's identity may do all it needs: {string.Join(", ", [.. Right.OfCaptureFlow, .. Right.OfAccounts])}.");
        }

        if (survey.Draft is { } draft && survey.Faults.Count == 0)
        {
            yield return Filter(draft, survey);
        }
    }

    /// <summary>The check that a fault of the plan belongs to.</summary>
    public static string Subject(CaptureFault fault) => fault.Code switch
    {
        FaultCodes.RightMissing => "rights",
        FaultCodes.FilterInvalid or FaultCodes.PortNotFound or FaultCodes.ServiceNotFound => "filter",
        _ when fault.Field?.StartsWith("window", StringComparison.Ordinal) == true => "window",
        _ => "target",
    };

    /// <summary>What tcpdump gets, and whether one has compiled it.</summary>
    public static PreflightCheck Filter(CapturePlan plan, PlanSurvey survey) => (plan.Filter, survey.FilterNotAsked) switch
    {
        (null, _) => new("filter", PreflightOutcome.Passed, "None: all traffic."),
        ({ } filter, null) => new("filter", PreflightOutcome.Passed, $"tcpdump gets: {filter}"),
        ({ } filter, { } why) => new(
            "filter",
            PreflightOutcome.Unknown,
            $"tcpdump would get: {filter}. It was not compiled: {why}.",
            "On any machine with tcpdump: tcpdump -y LINUX_SLL2 -d 'FILTER' says whether it compiles. CaptureFlow asks the tcpdump of its own host, where there is one."),
    };

    private static PreflightCheck Storage(V1Pod pod, CaptureOrder order)
    {
        var most = Quantity.Of(order.Window.ByteBound);
        return (StorageRules.Check(pod, order), StorageRules.Limit(pod)) switch
        {
            ({ } fault, _) => new("storage", PreflightOutcome.Refused, fault.Message, fault.Remedy),
            (_, { } limit) when order.Window.ByteBound > limit / 2 => new(
                "storage",
                PreflightOutcome.Warned,
                $"The file may grow to {most}, more than half of the {Quantity.Of(limit)} of ephemeral storage above which the pod is evicted.",
                "A smaller window.maxBytes leaves the application more room."),
            (_, { } limit) => new("storage", PreflightOutcome.Passed, $"At most {most}; the pod is evicted above {Quantity.Of(limit)} of ephemeral storage."),
            _ => new("storage", PreflightOutcome.Passed, $"At most {most}; the pod has no ephemeral-storage limit as a whole, its node's disk is the bound."),
        };
    }

    private static PreflightCheck Account(CapturePlan draft) => draft.AccountNamespace is { } own
        ? new("account", PreflightOutcome.Passed, $"The capture's account will live in CaptureFlow's own namespace {own}; only its binding will be in {draft.Order.Target.Namespace}.")
        : new(
            "account",
            PreflightOutcome.Warned,
            $"CaptureFlow has no namespace of its own here, so the capture's account will live in {draft.Order.Target.Namespace}: while the capture lasts, "
            + "whoever may create pods there can run one under that account, and use its right to exec into every pod there.",
            "kubectl apply -k infra/kubernetes/base makes the namespace, and allows CaptureFlow's identity to keep accounts in it.");

    // A pod that is captured often has hundreds.
    private static string Named(List<string> names) => names.Count <= 3 ? $": {string.Join(", ", names)}" : $", the last of them {names[^1]}";

    private static PreflightCheck Earlier(V1Pod pod, CaptureOrder order)
    {
        var names = (pod.Spec.EphemeralContainers ?? []).Select(c => c.Name).Where(name => name != order.CaptureId).ToList();
        return names.Count == 0
            ? new("earlier", PreflightOutcome.Passed, "The pod has no ephemeral containers yet.")
            : new(
                "earlier",
                PreflightOutcome.Warned,
                $"The pod's spec keeps {names.Count} ephemeral container{(names.Count == 1 ? "" : "s")} of earlier captures or debugging, as Kubernetes removes none{Named(names)}.",
                $"They do no harm; a new pod has none: kubectl -n {pod.Metadata.NamespaceProperty} delete pod {pod.Metadata.Name}");
    }
}
