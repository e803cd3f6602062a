using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>Who may do what: the list is complete, each entry is on one resource, and none of them manages anything.</summary>
public sealed class RoleTests(DeploymentFixture fixture)
{
    private const string BlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string QueueDataContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string TableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string BlobDelegator = "db58b8e5-c6ad-4a2a-8342-4190687cbf4a";
    private const string MetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";
    private const string DurableTaskDataContributor = "0ad04412-c4d5-4796-b79c-f76d14c8d402";

    /// <summary>Owner, Contributor, User Access Administrator, Role Based Access Control Administrator, Storage Account Contributor, and those that read keys.</summary>
    private static readonly string[] Managing =
    [
        "8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c", "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",
        "f58310d9-a9f6-439a-9e8d-f62e7b41a168", "17d1049b-9a84-46fb-8f53-869881c3d3ab", "81a9662b-bebf-436f-a333-f67b29880f12",
    ];

    public static TheoryData<string> Names => [.. DeploymentFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Roles_AreTheseAndOnOneResourceEach(string name)
    {
        string[] onStorage = ["storageAccounts/cfhost " + QueueDataContributor, "storageAccounts/cfhost " + TableDataContributor];
        string[] onScheduler = ["taskHubs/CaptureFlow " + DurableTaskDataContributor];
        string[] expected =
        [
            "components " + MetricsPublisher, "containers/captures custom", "storageAccounts/cfcap " + BlobDelegator, "storageAccounts/cfhost " + BlobDataOwner,
            "vaults " + SecretsUser, .. name == DeploymentFixture.Other ? onScheduler : onStorage,
        ];

        var assignments = fixture.Resources(name, "Microsoft.Authorization/roleAssignments").Select(Describe);

        Assert.Equal(expected.Order(StringComparer.Ordinal), assignments.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Roles_NoneManages(string name)
    {
        var text = string.Concat(fixture.Resources(name).Select(resource => resource.ToJsonString()));

        Assert.DoesNotContain(Managing, role => text.Contains(role, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void EvidenceWriter_HasNoWildcardAndDeletesNoVersion(string name)
    {
        var role = Assert.Single(fixture.Resources(name, "Microsoft.Authorization/roleDefinitions"));
        var permission = role.At("properties/permissions")!.AsArray().Single()!;

        string[] actions = [.. permission["actions"]!.AsArray().Concat(permission["dataActions"]!.AsArray()).Select(action => action!.ToString())];

        Assert.All(actions, action => Assert.StartsWith("Microsoft.Storage/storageAccounts/blobServices/containers/", action, StringComparison.Ordinal));
        Assert.DoesNotContain(actions, action => action.Contains('*', StringComparison.Ordinal));
        Assert.DoesNotContain(actions, action => action.EndsWith("deleteBlobVersion/action", StringComparison.Ordinal));
        Assert.Equal(name == DeploymentFixture.Other, actions.Any(action => action.EndsWith("immutableStorage/runAsSuperUser/action", StringComparison.Ordinal)));
        Assert.EndsWith("/resourceGroups/captures", role.At("properties/assignableScopes")!.AsArray().Single()!.ToString(), StringComparison.Ordinal);
    }

    /// <summary>An identity that is made again has another principal, which an assignment of the same name could not take.</summary>
    [Fact]
    public void Roles_NameOfEach_IsMadeOfScopePrincipalAndRole()
    {
        var assignments =
            from template in fixture.Templates.Values.SelectMany(template => template.WithModules())
            from resource in template.Resources()
            where resource.Text("type") == "Microsoft.Authorization/roleAssignments"
            select (Name: resource.Text("name")!, Scope: resource.Text("scope")!, Principal: resource.Text("properties/principalId")!, Role: resource.Text("properties/roleDefinitionId")!);

        Assert.NotEmpty(assignments);
        Assert.All(assignments, assignment =>
        {
            var start = $"[guid({Inner(assignment.Scope)}, {Inner(assignment.Principal)}, ";
            Assert.StartsWith(start, assignment.Name, StringComparison.Ordinal);
            Assert.Contains(assignment.Name[start.Length..^2], assignment.Role, StringComparison.Ordinal);
            Assert.Equal("[parameters('principalId')]", assignment.Principal);
        });

        static string Inner(string expression) => expression[1..^1];
    }

    /// <summary>What it is on, without what differs from deployment to deployment, and the role.</summary>
    private static string Describe(JsonObject assignment)
    {
        // Only Azure knows the whole id, which has the principal in it; it begins with the scope.
        var scope = assignment.Text("id")!.Split('\'')[1].Split('/');
        Assert.True(scope.Length > 8, "on the resource group or above");
        var on = scope[^2] switch
        {
            "storageAccounts" => $"{scope[^2]}/{(scope[^1].StartsWith("cfhost", StringComparison.Ordinal) ? "cfhost" : "cfcap")}",
            "components" or "vaults" => scope[^2],
            _ => $"{scope[^2]}/{scope[^1]}",
        };
        var role = assignment.Text("properties/roleDefinitionId")!;
        return $"{on} {(role.Contains("/resourceGroups/", StringComparison.Ordinal) ? "custom" : role.Split('/')[^1])}";
    }
}
