using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>What Azure would be asked for, with each parameter file.</summary>
public sealed class ResourceTests(DeploymentFixture fixture)
{
    /// <summary>Parts of other resources: Azure takes no tags for them.</summary>
    private static readonly HashSet<string> Untaggable =
    [
        "Microsoft.Storage/storageAccounts/blobServices", "Microsoft.Storage/storageAccounts/blobServices/containers",
        "Microsoft.Storage/storageAccounts/managementPolicies",
        "Microsoft.Network/privateEndpoints/privateDnsZoneGroups", "Microsoft.Authorization/roleAssignments", "Microsoft.Authorization/roleDefinitions",
        "Microsoft.Web/sites/config", "Microsoft.Web/sites/basicPublishingCredentialsPolicies", "Microsoft.DurableTask/schedulers/taskHubs",
    ];

    public static TheoryData<string> Names => [.. DeploymentFixture.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Resources_Taggable_AreTagged(string name)
    {
        var taggable = fixture.Resources(name).Where(resource => !Untaggable.Contains(resource.Text("type")!)).ToList();

        Assert.NotEmpty(taggable);
        Assert.All(taggable, resource =>
        {
            Assert.Equal("captureflow", resource.Text("tags/application"));
            Assert.Equal(name, resource.Text("tags/environment"));
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void StorageAccounts_AreIdentityOnly(string name)
    {
        var accounts = fixture.Resources(name, "Microsoft.Storage/storageAccounts").ToList();

        Assert.Equal(2, accounts.Count);
        Assert.All(accounts, account =>
        {
            Assert.Equal("false", account.Text("properties/allowSharedKeyAccess"));
            Assert.Equal("false", account.Text("properties/allowBlobPublicAccess"));
            Assert.Equal("false", account.Text("properties/allowCrossTenantReplication"));
            Assert.Equal("true", account.Text("properties/supportsHttpsTrafficOnly"));
            Assert.Contains(account.Text("properties/minimumTlsVersion"), (string[])["TLS1_2", "TLS1_3"]);
            Assert.InRange(account.Text("name")!.Length, 3, 24);
        });
        Assert.All(fixture.Resources(name, "Microsoft.Storage/storageAccounts/blobServices/containers"), c => Assert.Equal("None", c.Text("properties/publicAccess")));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void CaptureStorage_KeepsVersionsAndHasALifecycle(string name)
    {
        var blobs = fixture.Resources(name, "Microsoft.Storage/storageAccounts/blobServices").Single(b => b.Text("properties/isVersioningEnabled") == "true");
        var policy = Assert.Single(fixture.Resources(name, "Microsoft.Storage/storageAccounts/managementPolicies"));

        Assert.StartsWith("cfcap", blobs.Text("name"), StringComparison.Ordinal);
        Assert.Equal("true", blobs.Text("properties/deleteRetentionPolicy/enabled"));
        Assert.Equal(blobs.Text("name"), policy.Text("name"));
        var rules = policy.At("properties/policy/rules")!.AsArray();
        Assert.All(rules, rule =>
        {
            Assert.All(rule!.At("definition/filters/prefixMatch")!.AsArray(), prefix => Assert.StartsWith("captures/", prefix!.ToString(), StringComparison.Ordinal));
            Assert.NotEmpty(rule!.At("definition/actions")!.AsObject().SelectMany(action => action.Value!.AsObject()));
        });
        Assert.Equal(rules.Count, rules.Select(rule => rule!.Text("name")).Distinct().Count());
    }

    [Fact]
    public void CaptureStorage_RetentionByVerdict_IsARuleOnTheIndexTag()
    {
        var policy = fixture.Resources(DeploymentFixture.Dev, "Microsoft.Storage/storageAccounts/managementPolicies").Single();

        var rule = policy.At("properties/policy/rules")!.AsArray().Single(r => r!.Text("name") == "captures-empty")!;

        var match = Assert.Single(rule.At("definition/filters/blobIndexMatch")!.AsArray())!;
        Assert.Equal(["verdict", "==", "Empty"], ((string[])["name", "op", "value"]).Select(part => match.Text(part)));
        Assert.Equal("2", rule.Text("definition/actions/baseBlob/delete/daysAfterModificationGreaterThan"));
    }

    [Theory]
    [InlineData(DeploymentFixture.Dev, null, "0")]
    [InlineData(DeploymentFixture.Other, "true", "30")]
    public void CaptureStorage_Immutable_ContainerCanAndTheAppDoes(string name, string? enabled, string days)
    {
        var captures = fixture.Resources(name, "Microsoft.Storage/storageAccounts/blobServices/containers")
            .Single(container => container.Text("name")!.EndsWith("/captures", StringComparison.Ordinal));
        var settings = fixture.Resources(name, "Microsoft.Web/sites/config").Single(config => config.Text("name")!.EndsWith("/appsettings", StringComparison.Ordinal));

        Assert.Equal(enabled, captures.Text("properties/immutableStorageWithVersioning/enabled"));
        Assert.Equal(days, settings.Text("properties/CaptureFlow__BlobStore__ImmutableDays"));
    }

    [Fact]
    public void PrivateNetwork_NothingIsReachableFromOutside()
    {
        string[] reached = [.. fixture.Resources(DeploymentFixture.Prod, "Microsoft.Network/privateEndpoints")
            .Select(endpoint => endpoint.At("properties/privateLinkServiceConnections")!.AsArray().Single()!.At("properties/groupIds")!.AsArray().Single()!.ToString()).Order(StringComparer.Ordinal)];

        var holders = fixture.Resources(DeploymentFixture.Prod, "Microsoft.Storage/storageAccounts")
            .Concat(fixture.Resources(DeploymentFixture.Prod, "Microsoft.KeyVault/vaults"));

        Assert.All(holders, holder =>
        {
            Assert.Equal("Disabled", holder.Text("properties/publicNetworkAccess"));
            Assert.Equal("Deny", holder.Text("properties/networkAcls/defaultAction"));
        });
        Assert.Equal(["blob", "blob", "queue", "table", "vault"], reached);
        Assert.EndsWith("/subnets/app", fixture.Resources(DeploymentFixture.Prod, "Microsoft.Web/sites").Single().Text("properties/virtualNetworkSubnetId"), StringComparison.Ordinal);
    }

    [Fact]
    public void DownloadRanges_OpenTheEvidenceToThemAlone()
    {
        var accounts = fixture.Resources(DeploymentFixture.Other, "Microsoft.Storage/storageAccounts").ToDictionary(account => account.Text("name")![..5]);

        Assert.Equal("Disabled", accounts["cfhos"].Text("properties/publicNetworkAccess"));
        Assert.Equal("Deny", accounts["cfcap"].Text("properties/networkAcls/defaultAction"));
        Assert.Equal("192.0.2.0/24", accounts["cfcap"].At("properties/networkAcls/ipRules")!.AsArray().Single()!.Text("value"));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TelemetryAndVault_TakeEntraIdentitiesOnly(string name)
    {
        var component = Assert.Single(fixture.Resources(name, "Microsoft.Insights/components"));
        var workspace = Assert.Single(fixture.Resources(name, "Microsoft.OperationalInsights/workspaces"));
        var vault = Assert.Single(fixture.Resources(name, "Microsoft.KeyVault/vaults"));

        Assert.Equal("true", component.Text("properties/DisableLocalAuth"));
        Assert.Equal("true", workspace.Text("properties/features/disableLocalAuth"));
        Assert.Equal("true", vault.Text("properties/enableRbacAuthorization"));
        Assert.Equal("true", vault.Text("properties/enablePurgeProtection"));
        Assert.DoesNotContain(fixture.Resources(name), resource => resource.Text("type") == "Microsoft.KeyVault/vaults/secrets");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Alerts_AreThreeRulesOnTheWorkspace(string name)
    {
        var rules = fixture.Resources(name, "Microsoft.Insights/scheduledQueryRules").ToList();

        Assert.Equal(["captures-failing", "oldest-grant", "revoke-unproven"], rules.Select(Rule).Order(StringComparer.Ordinal));
        Assert.All(rules, rule =>
        {
            var criterion = rule.At("properties/criteria/allOf")!.AsArray().Single()!;
            Assert.Contains("Value =", criterion.Text("query"), StringComparison.Ordinal);
            Assert.Equal("Value", criterion.Text("metricMeasureColumn"));
            Assert.Equal("true", rule.Text("properties/enabled"));
        });

        static string Rule(JsonObject rule) => string.Join('-', rule.Text("name")!.Split('-')[^2..]);
    }
}
