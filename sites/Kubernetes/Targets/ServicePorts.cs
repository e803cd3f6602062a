using CaptureFlow.Orchestrations;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>A Service as a filter: in one of its backends the ports that it sends to, in any other pod its address and its own ports. Pure.</summary>
internal static class ServicePorts
{
    private const string Headless = "None";

    public static (string? Expression, CaptureFault? Fault) Expression(V1Service service, V1Pod pod) =>
        IsBackend(service, pod) ? OfBackend(service, pod) : OfClient(service);

    private static bool IsBackend(V1Service service, V1Pod pod) =>
        service.Spec.Selector is { Count: > 0 } selector
        && pod.Metadata.Labels is { } labels
        && selector.All(wanted => labels.TryGetValue(wanted.Key, out var value) && value == wanted.Value);

    private static (string?, CaptureFault?) OfBackend(V1Service service, V1Pod pod)
    {
        List<string> ports = [];
        foreach (var port in service.Spec.Ports ?? [])
        {
            var target = port.TargetPort?.Value is { Length: > 0 } value and not "0" ? value : $"{port.Port}";
            if (PodPorts.Expression(pod, target) is not { } expression)
            {
                return (null, new(
                    FaultCodes.PortNotFound,
                    $"The Service '{service.Metadata.Name}' sends to port '{target}', which the pod {pod.Metadata.NamespaceProperty}/{pod.Metadata.Name} does not declare.",
                    $"kubectl -n {pod.Metadata.NamespaceProperty} get endpoints {service.Metadata.Name} shows where it sends; give a filter instead.",
                    "filter.service"));
            }

            ports.Add(int.TryParse(target, out _) ? PodPorts.Of(port.Protocol, int.Parse(target, System.Globalization.CultureInfo.InvariantCulture)) : expression);
        }

        return ports.Count > 0 ? (PodPorts.Either([.. ports.Distinct()]), null) : (null, NoAddress(service));
    }

    private static (string?, CaptureFault?) OfClient(V1Service service)
    {
        var addresses = (service.Spec.ClusterIPs is { Count: > 0 } several ? several : [service.Spec.ClusterIP ?? ""]).Where(ip => ip.Length > 0 && ip != Headless).ToList();
        var ports = (service.Spec.Ports ?? []).Select(port => PodPorts.Of(port.Protocol, port.Port)).Distinct().ToList();
        return addresses.Count > 0 && ports.Count > 0
            ? (PodPorts.Both(PodPorts.Either([.. addresses.Select(ip => $"host {ip}")]), PodPorts.Either(ports)), null)
            : (null, NoAddress(service));
    }

    private static CaptureFault NoAddress(V1Service service) => new(
        FaultCodes.PortNotFound,
        $"The Service '{service.Metadata.Name}' has no address or port of its own that a filter could name.",
        "It is headless or external: give a filter instead, or capture in one of its pods.",
        "filter.service");
}
