using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Does the one role that captures are bound to exist, with every rule that they need?</summary>
internal sealed class RoleCheck(ClusterConnection connection, ClusterCalls calls, AccessReviews reviews)
{
    /// <summary>What lets CaptureFlow's own identity look; without it the check says that it does not know.</summary>
    public static readonly Right Need = new("get", "clusterroles", Group: GrantMarks.RbacGroup, Name: GrantMarks.Role, ClusterWide: true);

    /// <summary>The same for captures on nodes.</summary>
    public static readonly Right NeedForNodes = Need with { Name = GrantMarks.NodeRole };

    private const string Name = "role";

    /// <summary>What is wrong with the role, where CaptureFlow's own identity may read it: as an administrator lacks no right, nothing else would say so before the grant.</summary>
    public async Task<IReadOnlyList<CaptureFault>> FindFaultsAsync(CaptureRole wanted, CancellationToken cancellationToken) =>
        (await reviews.MissingAsync(connection.Own, string.Empty, [Need with { Name = wanted.Name }], cancellationToken)).Count > 0
            ? []
            : (await LookAsync(wanted, cancellationToken)).Faults;

    public async Task<PreflightLook> LookAsync(CaptureRole wanted, CancellationToken cancellationToken)
    {
        var apply = $"kubectl apply -k {wanted.Manifests}";
        try
        {
            var role = await calls.AskAsync(
                "get clusterroles", token => connection.Own.RbacAuthorizationV1.ReadClusterRoleAsync(wanted.Name, cancellationToken: token), cancellationToken);
            var missing = wanted.Rights.Where(right => !(role.Rules ?? []).Any(rule => Allows(rule, right))).ToList();
            return missing.Count == 0
                ? new(new(Name, PreflightOutcome.Passed, $"The ClusterRole {wanted.Name} has every rule that a capture needs."))
                : PreflightLook.Refused(Name, new(
                    FaultCodes.GrantNotEffective, $"The ClusterRole {wanted.Name} lacks: {string.Join(", ", missing)}.", apply));
        }
        catch (ClusterRefusalException refusal) when (refusal.Status == 404)
        {
            return PreflightLook.Refused(Name, new(
                FaultCodes.GrantNotEffective, $"There is no ClusterRole {wanted.Name} to bind a capture's account to.", apply, Detail: refusal.Words));
        }
        catch (ClusterRefusalException e)
        {
            return new(new(
                Name,
                PreflightOutcome.Unknown,
                $"CaptureFlow's identity may not read the ClusterRole {wanted.Name}; the grant step would find out.",
                "kubectl apply -k infra/kubernetes/preflight",
                e.Message));
        }
    }

    private static bool Allows(V1PolicyRule rule, Right right) =>
        Has(rule.ApiGroups, right.Group) && Has(rule.Verbs, right.Verb)
        && Has(rule.Resources, right.Subresource is null ? right.Resource : $"{right.Resource}/{right.Subresource}")
        && rule.ResourceNames is not { Count: > 0 };

    private static bool Has(IList<string>? list, string value) => list is not null && (list.Contains(value) || list.Contains("*"));
}
