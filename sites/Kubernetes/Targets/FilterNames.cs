using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Turns an order's filter, with the port and Service names in it, into the expression that tcpdump gets. Reads only.</summary>
internal sealed class FilterNames(ClusterConnection connection, ClusterCalls calls)
{
    /// <summary>What CaptureFlow's own identity needs where a Service's name stands in for a filter.</summary>
    public static readonly Right GetServices = new("get", "services");

    public async Task<(string? Filter, IReadOnlyList<CaptureFault> Faults)> LookUpAsync(CaptureOrder order, V1Pod pod, CancellationToken cancellationToken)
    {
        List<string> parts = order.Filter is { Length: > 0 } filter ? [filter] : [];
        List<CaptureFault> faults = [];
        if (order.Ports?.Port is { } port)
        {
            if (PodPorts.Expression(pod, port) is { } expression)
            {
                parts.Add(expression);
            }
            else
            {
                faults.Add(new(
                    FaultCodes.PortNotFound,
                    $"The pod {order.Target} declares no port '{port}'.",
                    PodPorts.Known(pod) is { Count: > 0 } known ? $"Choose one of: {string.Join(", ", known)}; or a number." : "It declares none: give the port's number.",
                    "filter.port"));
            }
        }

        if (order.Ports?.Service is { } name)
        {
            var (expression, fault) = await OfServiceAsync(order.Target.Namespace, name, pod, cancellationToken);
            parts.AddRange(expression is null ? [] : [expression]);
            faults.AddRange(fault is null ? [] : [fault]);
        }

        return (parts.Count == 0 ? null : parts.Aggregate(PodPorts.Both), faults);
    }

    private async Task<(string? Expression, CaptureFault? Fault)> OfServiceAsync(string @namespace, string name, V1Pod pod, CancellationToken cancellationToken)
    {
        var service = await calls.TryFindAsync(
            "get services", token => connection.Own.CoreV1.ReadNamespacedServiceAsync(name, @namespace, cancellationToken: token), cancellationToken);
        return service is null
            ? (null, new(FaultCodes.ServiceNotFound, $"There is no Service {@namespace}/{name}.", $"kubectl -n {@namespace} get services lists what there is.", "filter.service"))
            : ServicePorts.Expression(service, pod);
    }
}
