using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>Does the one role that captures are bound to exist, with every rule that they need?</summary>
internal sealed class RoleCheck(ClusterConnection connection, ClusterCalls calls)
{
    /// <summary>What lets CaptureFlow's own identity look; without it the check says that it does not know.</summary>
    public static readonly Right Need = new("get", "clusterroles", Group: GrantMarks.RbacGroup, Name: GrantMarks.Role, ClusterWide: true);

    private const string Name = "role";
    private const string Apply = "kubectl apply -k infra/kubernetes/base";

    public async Task<PreflightLook> LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var role = await calls.AskAsync(
                "get clusterroles", token => connection.Own.RbacAuthorizationV1.ReadClusterRoleAsync(GrantMarks.Role, cancellationToken: token), cancellationToken);
            var missing = Right.OfCapture.Where(right => !(role.Rules ?? []).Any(rule => Allows(rule, right))).ToList();
            return missing.Count == 0
                ? new(new(Name, PreflightOutcome.Passed, $"The ClusterRole {GrantMarks.Role} has every rule that a capture needs."))
                : PreflightLook.Refused(Name, new(
                    FaultCodes.GrantNotEffective, $"The ClusterRole {GrantMarks.Role} lacks: {string.Join(", ", missing)}.", Apply));
        }
        catch (ClusterRefusalException refusal) when (refusal.Status == 404)
        {
            return PreflightLook.Refused(Name, new(
                FaultCodes.GrantNotEffective, $"There is no ClusterRole {GrantMarks.Role} to bind a capture's account to.", Apply, Detail: refusal.Words));
        }
        catch (ClusterRefusalException e)
        {
            return new(new(
                Name,
                PreflightOutcome.Unknown,
                $"CaptureFlow's identity may not read the ClusterRole {GrantMarks.Role}; the grant step would find out.",
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
