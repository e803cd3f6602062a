using CaptureFlow.Sandbox.Api;
using CaptureFlow.Sandbox.Pods;

namespace CaptureFlow.Sandbox.Exec;

/// <summary>Picks the container that a streaming request means.</summary>
internal static class PodContainer
{
    internal static (ContainerWorker? Container, ApiReply? Refused) Find(Kubelet kubelet, StoredObject pod, string name)
    {
        if (kubelet.Find(pod.Namespace, pod.Name) is not { } worker)
        {
            return (null, ApiReply.NotFound(ResourceCatalogue.Pods, pod.Name));
        }

        if (!worker.IsScheduled)
        {
            return (null, ApiReply.BadRequest($"pod {pod.Name} does not have a host assigned"));
        }

        var containers = worker.Containers;
        var regular = containers.Where(container => !container.IsEphemeral).ToList();
        if (name.Length == 0)
        {
            return regular is [var only]
                ? (only, null)
                : (null, ApiReply.BadRequest(
                    $"a container name must be specified for pod {pod.Name}, choose one of: [{string.Join(' ', regular.Select(container => container.Name))}]"));
        }

        return containers.FirstOrDefault(container => container.Name == name) is { } found
            ? (found, null)
            : (null, ApiReply.BadRequest($"container {name} is not valid for pod {pod.Name}"));
    }
}
