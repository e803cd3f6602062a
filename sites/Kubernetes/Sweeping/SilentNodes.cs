using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>
/// Where one sweep cannot end taps: on nodes that are not ready or gone, in pods that are being deleted, and on nodes that did not answer for another
/// tap. Asked before anything is tried there, so that a dead node costs one look and not one wait for each of its taps.
/// </summary>
/// <param name="find">A node by its name; null when there is none.</param>
internal sealed class SilentNodes(Func<string, CancellationToken, Task<V1Node?>> find)
{
    private readonly Dictionary<string, string?> _why = [];

    /// <summary>Why a tap in this pod is left for another sweep; null where it may be tried.</summary>
    public async Task<string?> WhyAsync(V1Pod pod, CancellationToken cancellationToken)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            return $"skipped: pod {pod.Metadata.Name} is being deleted, and its containers end with it";
        }

        if (pod.Spec.NodeName is not { Length: > 0 } node)
        {
            return null;
        }

        if (!_why.TryGetValue(node, out var why))
        {
            _why[node] = why = await LookAsync(node, cancellationToken);
        }

        return why;
    }

    /// <summary>Notes that a tap there could not be ended in its time.</summary>
    public void NoteSilence(V1Pod pod)
    {
        if (pod.Spec.NodeName is { Length: > 0 } node)
        {
            _why[node] = $"skipped: node {node} did not answer in time for another tap";
        }
    }

    private async Task<string?> LookAsync(string node, CancellationToken cancellationToken)
    {
        try
        {
            return await find(node, cancellationToken) switch
            {
                null => $"skipped: node {node} is gone",
                { Status.Conditions: { } conditions } when conditions.FirstOrDefault(it => it.Type == "Ready") is { Status: not "True" } ready =>
                    $"skipped: node {node} is not ready ({ready.Reason})",
                _ => null,
            };
        }
        catch (ClusterRefusalException)
        {
            // Nodes may be read only where captures on them are allowed: then it is tried.
            return null;
        }
    }
}
