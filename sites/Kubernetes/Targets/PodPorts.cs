using System.Globalization;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>What a pod says of its ports, as filter expressions. Pure.</summary>
internal static class PodPorts
{
    /// <summary>The expression for a container port by its name or number; null when the pod declares no such name.</summary>
    public static string? Expression(V1Pod pod, string port)
    {
        if (int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            // A number needs no declaration: containers may listen on what they do not declare.
            var declared = Declared(pod).Where(p => p.ContainerPort == number).Select(p => Of(p.Protocol, p.ContainerPort)).Distinct().ToList();
            return number is < 1 or > 65_535 ? null : declared.Count > 0 ? Either(declared) : $"port {Text(number)}";
        }

        var named = Declared(pod).Where(p => p.Name == port).Select(p => Of(p.Protocol, p.ContainerPort)).Distinct().ToList();
        return named.Count > 0 ? Either(named) : null;
    }

    /// <summary>The names and numbers that the pod declares, for a remedy.</summary>
    public static IReadOnlyList<string> Known(V1Pod pod) => [.. Declared(pod).Select(p => p.Name ?? Text(p.ContainerPort)).Distinct()];

    /// <summary>E.g. <c>tcp port 80</c>.</summary>
    public static string Of(string? protocol, int port) => $"{(protocol ?? "TCP").ToLowerInvariant()} port {Text(port)}";

    public static string Either(IReadOnlyList<string> expressions) => expressions is [var one] ? one : string.Join(" or ", expressions);

    public static string Both(string a, string b) => $"({a}) and ({b})";

    private static IEnumerable<V1ContainerPort> Declared(V1Pod pod) =>
        // A sidecar of the native kind is an init container that goes on running.
        pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).SelectMany(c => c.Ports ?? []);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
