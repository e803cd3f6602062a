using CaptureFlow.Orchestrations;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Plans a capture on a node, and looks at what could stop it later. Reads; changes nothing.</summary>
internal sealed class NodePreflighting(NodePlanning planning, RoleCheck role, AdmissionCheck admission, ImageCheck image, IOptions<NodeOptions> options)
{
    public async Task<Preflight> CheckAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var survey = await planning.SurveyAsync(order, cancellationToken);
        List<PreflightCheck> checks = [.. OfPlan(survey)];
        List<CaptureFault> faults = [.. survey.Faults];
        if (survey is { Draft: { Site: CaptureMethods.NodePod } draft })
        {
            var space = options.Value.Namespace;
            foreach (var look in await Task.WhenAll(
                role.LookAsync(CaptureRole.OnNode, cancellationToken), admission.LookAsync(draft, space, cancellationToken), image.LookAsync(draft.Node, space, draft.Image, cancellationToken)))
            {
                checks.Add(look.Check);
                faults.AddRange(look.Faults);
            }
        }

        return new(faults.Count == 0 ? survey.Draft : null, checks, faults);
    }

    private static IEnumerable<PreflightCheck> OfPlan(PlanSurvey survey)
    {
        if (survey is { Node: { } node, Draft: { Place: { } place } draft })
        {
            var pod = survey.Pod is { } found ? $"{found.Metadata.NamespaceProperty}/{found.Metadata.Name}, addresses {string.Join(", ", place.PodAddresses)}, on " : "";
            yield return new(
                "target",
                PreflightOutcome.Passed,
                $"{pod}node {place.Node} ({place.ProviderId ?? "no provider id"}), addresses {string.Join(", ", place.Addresses)}; method {draft.Site}.");
            yield return Taints(node);
            yield return new(
                "storage",
                PreflightOutcome.Passed,
                $"At most {Quantity.Of(draft.ByteBound)} on the node's disk, in a volume bounded to a little more; gone with the tap.");
        }

        foreach (var fault in survey.Faults)
        {
            yield return new(Preflighting.Subject(fault), PreflightOutcome.Refused, fault.Message, fault.Remedy, fault.Detail);
        }

        if (survey.Draft is { } plan && survey.Faults.Count == 0)
        {
            yield return new("rights", PreflightOutcome.Passed, "CaptureFlow's identity may do all that this method needs.");
            yield return Preflighting.Filter(plan, survey);
        }
    }

    // The tap tolerates every taint and is pinned: they say who else is kept away.
    private static PreflightCheck Taints(V1Node node)
    {
        var taints = (node.Spec?.Taints ?? []).Select(t => $"{t.Key}{(t.Value is { Length: > 0 } value ? "=" + value : "")}:{t.Effect}").ToList();
        return taints.Count == 0
            ? new("node", PreflightOutcome.Passed, "The node is ready and has no taints.")
            : new("node", PreflightOutcome.Warned, $"The node is ready, with taints: {string.Join(", ", taints)}. The tap is pinned to it and tolerates them.");
    }
}
