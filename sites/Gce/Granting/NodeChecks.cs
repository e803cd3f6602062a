using CaptureFlow.Orchestrations;
using Google.Cloud.Compute.V1;
using Microsoft.Extensions.Options;

namespace CaptureFlow.Sites.Gce;

/// <summary>What speaks against a capture on a node before anything is changed.</summary>
internal sealed class NodeChecks(InstanceKeys instances, ComputeCalls calls, IOptions<GceOptions> options)
{
    private const string OsLogin = "enable-oslogin";

    /// <summary>The instance of a plan that was checked.</summary>
    public static NodeInstance InstanceOf(CapturePlan plan) =>
        NodeInstance.TryRead(plan.Place?.ProviderId) ?? throw new GceRefusalException(GceFaults.NoInstance(plan.Place?.ProviderId));

    public async Task<IReadOnlyList<CaptureFault>> CheckAsync(CapturePlan plan, CancellationToken cancellationToken)
    {
        var instance = InstanceOf(plan);
        if (!options.Value.Projects.Contains(instance.Project))
        {
            return [GceFaults.NoProject(instance.Project)];
        }

        return await instances.TryFindAsync(instance, cancellationToken) switch
        {
            null => [GceFaults.Failed("find the instance", instance.ToString())],
            { } found when await UsesOsLoginAsync(instance, found, cancellationToken) => [GceFaults.OsLogin(instance)],
            _ => [],
        };
    }

    // The instance's own word counts before its project's. With OS Login the guest agent ignores keys of the metadata.
    private async Task<bool> UsesOsLoginAsync(NodeInstance instance, Instance found, CancellationToken cancellationToken)
    {
        if (InstanceKeys.Setting(found.Metadata, OsLogin) is { } own)
        {
            return IsTrue(own);
        }

        var project = await calls.AskProjectsAsync(
            $"read the project {instance.Project}", (client, token) => client.GetAsync(new GetProjectRequest { Project = instance.Project }, token), cancellationToken);
        return InstanceKeys.Setting(project.CommonInstanceMetadata, OsLogin) is { } general && IsTrue(general);
    }

    private static bool IsTrue(string value) => value.Trim().Equals("true", StringComparison.OrdinalIgnoreCase) || value.Trim() is "1" or "Y" or "y" or "yes";
}
