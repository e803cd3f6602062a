using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Resolves an order to a plan of a capture on a node, or says everything that is against it at once. Changes nothing.</summary>
internal sealed class NodePlanning(
    ClusterConnection connection,
    ClusterCalls calls,
    AccessReviews reviews,
    Planning planning,
    FilterNames names,
    RoleCheck role,
    IEnumerable<ICaptureMethod> methods,
    IOptions<CapturePolicy> policy,
    IOptions<TapOptions> tap,
    IOptions<NodeOptions> options,
    TimeProvider time)
{
    private const int KubeletPort = 10_250;
    private const int SshPort = 22;

    public async Task<StepResult<CapturePlan>> PlanAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var survey = await SurveyAsync(order, cancellationToken);
        IReadOnlyList<CaptureFault> faults = survey.Draft is { Site: CaptureMethods.NodePod }
            ? [.. survey.Faults, .. await role.FindFaultsAsync(CaptureRole.OnNode, cancellationToken)]
            : survey.Faults;
        return faults.Count == 0 && survey.Draft is { } plan ? StepResult.Of(plan) : StepResult.Fault<CapturePlan>(faults);
    }

    public async Task<PlanSurvey> SurveyAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        var target = order.Target;
        var faults = await planning.CheckOrderAsync(order, cancellationToken);
        faults.AddRange(!faults.Exists(f => f.Code == FaultCodes.FilterInvalid) && NodeFilter.Check(order.Filter) is { } unbalanced ? [unbalanced] : []);
        faults.AddRange(target.IsNode && order.Ports is not null ? [NoPod()] : []);
        if (target.IsNode ? !DnsNames.IsSubdomain(target.Node) : !DnsNames.IsLabel(target.Namespace) || !DnsNames.IsSubdomain(target.Pod))
        {
            return new(null, null, [], faults);
        }

        var missing = await MissingAsync(order, cancellationToken);
        faults.AddRange(MissingRights.Faults([.. missing.Where(right => right != NodeRights.GetNodes)], target.Namespace, MissingRights.Pods));
        var mayLook = !target.IsNode && !missing.Any(right => right is { Verb: "get", Resource: "pods" });
        var pod = mayLook ? await planning.FindPodAsync(target, cancellationToken) : null;
        faults.AddRange(mayLook ? PodRules.Check(pod, target, onNode: true) : []);
        faults.AddRange(pod is not null && !target.SeesWholeNode && NodeFaults.OfNarrowing(pod, target) is { } notNarrowed ? [notNarrowed] : []);
        var name = target.Node ?? pod?.Spec.NodeName;
        if (string.IsNullOrEmpty(name) || missing.Contains(NodeRights.GetNodes))
        {
            faults.AddRange(await MissingOfMethodAsync(target, missing, cancellationToken));
            return new(pod, null, missing, faults);
        }

        var node = await calls.TryFindAsync("get nodes", token => connection.Own.CoreV1.ReadNodeAsync(name, cancellationToken: token), cancellationToken);
        faults.AddRange(NodeFaults.OfNode(node, name));
        faults.AddRange(target is { IsNode: false, SeesWholeNode: true } && NodeRules.CheckName(name, policy.Value) is { } forbidden ? [forbidden] : []);
        var asked = order.Filter;
        if (pod is not null && !missing.Contains(FilterNames.GetServices))
        {
            (asked, var unknown) = await names.LookUpAsync(order, pod, cancellationToken);
            faults.AddRange(unknown);
        }

        var method = MethodOf(target);
        var way = methods.FirstOrDefault(m => m.Name == method);
        faults.AddRange(way is null ? [ClusterSite.NotHere(method)] : []);
        var narrowable = target.SeesWholeNode || NodeFilter.CanNarrow(NodeFaults.Addresses(pod));
        var draft = node is null || way is null || !narrowable ? null : Draw(order, method, way.GrantLifetime(order), pod, node, asked);
        faults.AddRange(draft is not null && way is not null ? await way.CheckAsync(draft, cancellationToken) : []);
        return await planning.WithFilterAsync(new(pod, draft, missing, faults, node), cancellationToken);
    }

    private async Task<IReadOnlyList<Right>> MissingAsync(CaptureOrder order, CancellationToken cancellationToken)
    {
        IReadOnlyList<Right> needed =
        [
            .. order.Target.IsNode ? [] : (Right[])[new("get", "pods")],
            .. order.Ports?.Service is null ? [] : (Right[])[FilterNames.GetServices],
            NodeRights.GetNodes,
        ];
        return await reviews.MissingAsync(connection.Own, order.Target.Namespace, needed, cancellationToken);
    }

    private string MethodOf(CaptureTarget target) => target.Method is CaptureMethods.NodePod or CaptureMethods.NodeSsh ? target.Method : options.Value.Method;

    // Without a node there is no draft to ask the method about: what it needs is said all the same, so that all is mended at once.
    private async Task<IReadOnlyList<CaptureFault>> MissingOfMethodAsync(CaptureTarget target, IReadOnlyList<Right> missing, CancellationToken cancellationToken) =>
        (missing.Contains(NodeRights.GetNodes), MethodOf(target) == CaptureMethods.NodePod) switch
        {
            (var nodes, true) when missing.Count > 0 =>
                await NodePodMethod.LacksAsync(connection, reviews, options.Value.Namespace, mayGetNodes: !nodes, cancellationToken),
            (true, _) => NodePodMethod.Lacks([NodeRights.GetNodes], options.Value.Namespace),
            _ => [],
        };

    private CapturePlan Draw(CaptureOrder order, string method, TimeSpan lifetime, V1Pod? pod, V1Node node, string? asked)
    {
        var narrow = !order.Target.SeesWholeNode;
        NodePlace place = new(node.Metadata.Name, node.Spec?.ProviderID is { Length: > 0 } id ? id : null, NodeFaults.Addresses(node), NodeFaults.Addresses(pod));
        var kubelet = node.Status?.DaemonEndpoints?.KubeletEndpoint?.Port is > 0 and var port ? port : KubeletPort;
        var filter = NodeFilter.Of(asked, place, narrow, method == CaptureMethods.NodeSsh ? SshPort : kubelet);
        return new(
            order,
            method,
            pod?.Metadata.Uid ?? string.Empty,
            place.Node,
            tap.Value.Image,
            Planning.Argv(order, filter, tap.Value, changesUser: method != CaptureMethods.NodePod || options.Value.TcpdumpChangesUser),
            order.Window.PacketBound,
            order.Window.ByteBound,
            lifetime,
            Sees(place, narrow),
            [],
            time.GetUtcNow(),
            filter,
            place)
        {
            WholeNode = !narrow,
        };
    }

    private static string Sees(NodePlace place, bool narrow) =>
        (narrow ? $"The traffic of the pod's addresses ({string.Join(", ", place.PodAddresses)}) as node {place.Node} sees it" : $"All traffic of node {place.Node}, every pod's included, without CaptureFlow's own way to it")
        + ": the wire alone. Not the pods' loopback: what crosses a mesh proxy stays encrypted, and plaintext between an application and its proxy "
        + "is not seen. A packet is recorded on each of the node's interfaces that it passes (veth, bridge, uplink), so it can be there several times.";

    private static CaptureFault NoPod() => new(
        FaultCodes.OrderInvalid,
        "Port and Service names are a pod's, and the order names none.",
        "Write the ports as a filter expression, or name a pod: {\"node\": {\"pod\": \"NAMESPACE/POD\"}}.",
        "filter.port");
}
