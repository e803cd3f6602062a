using CaptureFlow.Sites.Kubernetes;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests;

/// <summary>The manifests in infra/kubernetes grant what the source declares, no right more and none less.</summary>
public sealed class RightsManifestTests
{
    private static readonly string Manifests = Path.Combine(AppContext.BaseDirectory, "infra", "kubernetes");

    [Fact]
    public async Task BaseManifests_RolesOfCaptureFlow_AreItsDeclaredRights()
    {
        var granting = await RulesAsync("base/self-role.yaml", "captureflow-granting");
        var asking = await RulesAsync("base/self-role.yaml", "captureflow-asking");

        Assert.Equal(Words(DeclaredRights.Own.Where(right => !right.ClusterWide)), Words(granting));
        Assert.Equal(Words(DeclaredRights.Own.Where(right => right.ClusterWide)), Words(asking));
        Assert.DoesNotContain(granting, right => right.Resource == "serviceaccounts");
    }

    [Fact]
    public async Task BaseManifests_RoleAtHome_IsOfCaptureFlowsOwnNamespaceAndItsDeclaredRights()
    {
        var items = await KubernetesYaml.LoadAllFromFileAsync(Path.Combine(Manifests, "base", "self-role.yaml"));

        var role = Assert.Single(items.OfType<V1Role>());

        Assert.Equal(AccountHome.Default, role.Metadata.NamespaceProperty);
        Assert.Equal(Words(DeclaredRights.AtHome), Words(Rights(role.Rules)));
    }

    [Fact]
    public async Task BaseManifests_RoleOfACapture_IsItsDeclaredRights()
    {
        var rules = await RulesAsync("base/capture-role.yaml", GrantMarks.Role);

        Assert.Equal(Words(Right.OfCapture), Words(rules));
    }

    [Fact]
    public async Task NodeManifests_Roles_AreTheDeclaredRights()
    {
        var granting = await RulesAsync("node/self-role.yaml", "captureflow-node-granting");
        var reading = await RulesAsync("node/self-role.yaml", "captureflow-node-reading");
        var asking = await RulesAsync("base/self-role.yaml", "captureflow-asking");
        var capture = await RulesAsync("node/capture-role.yaml", GrantMarks.NodeRole);

        Assert.Equal(Words(DeclaredRights.OnNodes.Where(right => !right.ClusterWide)), Words(granting));
        Assert.Equal(Words(DeclaredRights.OnNodes.Where(right => right.ClusterWide)), Words(reading.Concat(asking)));
        Assert.Equal(Words(NodeRights.OfCapture), Words(capture));
    }

    [Fact]
    public async Task PreflightManifest_Role_IsTheDeclaredRights()
    {
        var rules = await RulesAsync("preflight/reading.yaml", "captureflow-preflight");

        Assert.Equal(Words(DeclaredRights.OfPreflight), Words(rules));
    }

    private static async Task<IReadOnlyList<Right>> RulesAsync(string file, string role)
    {
        var items = await KubernetesYaml.LoadAllFromFileAsync(Path.Combine(Manifests, file));
        var found = items.OfType<V1ClusterRole>().Single(item => item.Metadata.Name == role);
        Assert.Null(found.AggregationRule);
        return Rights(found.Rules);
    }

    private static IReadOnlyList<Right> Rights(IEnumerable<V1PolicyRule> rules) =>
        [
            .. from rule in rules
               from @group in rule.ApiGroups
               from resource in rule.Resources
               from verb in rule.Verbs
               from name in rule.ResourceNames is { Count: > 0 } names ? names : [null]
               let parts = resource.Split('/', 2)
               select new Right(verb, parts[0], parts.ElementAtOrDefault(1), @group, name),
        ];

    private static IEnumerable<string> Words(IEnumerable<Right> rights) => rights.Select(right => right.ToString()).Order(StringComparer.Ordinal);
}
