using System.Text.Json.Nodes;

namespace CaptureFlow.Infra.Tests;

/// <summary>What is private can still be used: by callers, by the app, and for clusters that are private themselves.</summary>
public sealed class PrivateNetworkTests(DeploymentFixture fixture)
{
    [Theory]
    [InlineData(DeploymentFixture.Dev, "True")]
    [InlineData(DeploymentFixture.Prod, "False")]
    [InlineData(DeploymentFixture.Other, "True")]
    public void Downloads_WhereNobodyReachesTheAccount_GoThroughTheApp(string name, string links)
    {
        var account = fixture.Resources(name, "Microsoft.Storage/storageAccounts").Single(it => it.Text("name")!.StartsWith("cfcap", StringComparison.Ordinal));

        Assert.Equal(links, fixture.AppSettings(name)["CaptureFlow__BlobStore__Links"]);
        Assert.Equal(links == "True" ? "Enabled" : "Disabled", account.Text("properties/publicNetworkAccess"));
    }

    [Fact]
    public void Scheduler_IsPrivateWithTheRest()
    {
        var scheduler = Assert.Single(fixture.Resources(DeploymentFixture.Other, "Microsoft.DurableTask/schedulers"));
        var groups = fixture.Resources(DeploymentFixture.Other, "Microsoft.Network/privateEndpoints")
            .Select(endpoint => endpoint.At("properties/privateLinkServiceConnections")!.AsArray().Single()!.At("properties/groupIds")!.AsArray().Single()!.ToString());
        var zones = fixture.Resources(DeploymentFixture.Other, "Microsoft.Network/privateDnsZones").Select(zone => zone.Text("name"));

        Assert.Equal("Disabled", scheduler.Text("properties/publicNetworkAccess"));
        Assert.Empty(scheduler.At("properties/ipAllowlist")!.AsArray());
        Assert.Equal(["blob", "blob", "scheduler", "vault"], groups.Order(StringComparer.Ordinal));
        Assert.Contains("privatelink.durabletask.io", zones);
    }

    [Fact]
    public void ClusterZones_AreLinkedToTheNetworkOfTheApp()
    {
        var network = Assert.Single(fixture.Resources(DeploymentFixture.Other, "Microsoft.Network/virtualNetworks"));

        var link = fixture.Resources(DeploymentFixture.Other, "Microsoft.Network/privateDnsZones/virtualNetworkLinks")
            .Single(it => it.Text("id")!.Contains("azmk8s.io", StringComparison.Ordinal));

        Assert.StartsWith(
            "/subscriptions/00000000-0000-0000-0000-000000000003/resourceGroups/nodes/providers/Microsoft.Network/privateDnsZones/0a1b.", link.Text("id"), StringComparison.Ordinal);
        Assert.Equal(network.Text("id"), link.Text("properties/virtualNetwork/id"));
    }

    [Theory]
    [InlineData(DeploymentFixture.Prod, false)]
    [InlineData(DeploymentFixture.Other, true)]
    public void Egress_WhereAsked_IsOneFixedAddress(string name, bool isFixed)
    {
        var subnet = fixture.Resources(name, "Microsoft.Network/virtualNetworks").Single().At("properties/subnets")!.AsArray().Single(it => it!.Text("name") == "app")!;
        List<JsonObject> gateways = [.. fixture.Resources(name, "Microsoft.Network/natGateways")], addresses = [.. fixture.Resources(name, "Microsoft.Network/publicIPAddresses")];

        Assert.Equal(isFixed ? 1 : 0, gateways.Count);
        Assert.Equal(isFixed ? 1 : 0, addresses.Count);
        Assert.Equal(gateways.SingleOrDefault()?.Text("id"), subnet.Text("properties/natGateway/id"));
        Assert.All(addresses, address => Assert.Equal("Static", address.Text("properties/publicIPAllocationMethod")));
        Assert.All(gateways, gateway => Assert.Equal(addresses.Single().Text("id"), gateway.At("properties/publicIpAddresses")!.AsArray().Single()!.Text("id")));
    }
}
