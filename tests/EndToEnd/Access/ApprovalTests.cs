using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Access;

/// <summary>Two people, each with a key of their own: one orders, another approves, and the cluster can tell afterwards.</summary>
public sealed class ApprovalTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private static readonly Dictionary<string, string> People = new()
    {
        ["alice"] = "requester, approver", ["bob"] = "approver", ["rita"] = "reader", ["0"] = "all",
    };

    [Fact]
    public async Task Order_ApprovedByAnother_IsDoneAndGrantAndManifestNameBoth()
    {
        await using var host = await StartAsync();
        var id = await host.OrderAsync("alice", duration: "30s");
        var waiting = await host["rita"].WhenAsync(id, "awaitingApproval");

        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
        var (status, _) = await host.ApproveAsync("bob", id, "incident 42");
        await host["alice"].WhenAsync(id, "capturing");
        var account = await fixture.Sandbox.Admin.CoreV1.ReadNamespacedServiceAccountAsync(id, "captureflow");
        var binding = await fixture.Sandbox.Admin.RbacAuthorizationV1.ReadNamespacedRoleBindingAsync(id, "shop");
        await host["alice"].PostAsync($"/api/captures/{id}/stop");
        var ended = await host["alice"].WhenEndedAsync(id);

        Assert.Equal(HttpStatusCode.Accepted, status);
        var approval = waiting["progress"]!["approval"]!;
        Assert.Contains("'shop'", Text(approval["why"]![0]), StringComparison.Ordinal);
        Assert.Contains("other than key:alice", Text(approval["whoMay"]), StringComparison.Ordinal);
        Assert.True(approval["until"]!.GetValue<DateTimeOffset>() > DateTimeOffset.UnixEpoch);
        Assert.Equal($"/api/captures/{id}/approve", Text(waiting["links"]!["approve"]));
        foreach (var annotations in new[] { account.Annotations(), binding.Annotations() })
        {
            Assert.Equal(
                ("key:alice", "slow checkout", "key:bob"),
                (annotations["captureflow.io/requested-by"], annotations["captureflow.io/reason"], annotations["captureflow.io/approved-by"]));
        }

        Assert.Equal("completed", Text(ended["status"]));
        Assert.Equal(("key:bob", "incident 42"), (Text(ended["progress"]!["approval"]!["decision"]!["by"]), Text(ended["progress"]!["approval"]!["decision"]!["comment"])));
        var order = (await host["alice"].ManifestAsync(id)).Plan.Order;
        Assert.Equal(("key:alice", "slow checkout", "key:bob"), (order.RequestedBy, order.Reason, order.Approval!.By));
    }

    [Fact]
    public async Task Approve_Own_RefusedAndItGoesOnWaiting()
    {
        await using var host = await StartAsync();
        var id = await host.OrderAsync("alice");
        await host["alice"].WhenAsync(id, "awaitingApproval");

        var (status, body) = await host.ApproveAsync("alice", id);

        Assert.Equal((HttpStatusCode.Forbidden, FaultCodes.OwnApproval), (status, Text(body["code"])));
        Assert.Equal("awaitingApproval", Text((await host["alice"].GetAsync(id))["status"]));
        await host["alice"].PostAsync($"/api/captures/{id}/cancel");
        Assert.Equal("cancelled", Text((await host["alice"].WhenEndedAsync(id))["status"]));
    }

    [Fact]
    public async Task Approve_KeyWithoutAName_IsNotTwoPeople()
    {
        await using var host = await StartAsync();
        var id = await host.OrderAsync("0");
        await host["0"].WhenAsync(id, "awaitingApproval");

        var (status, body) = await host.ApproveAsync("0", id);

        Assert.Equal((HttpStatusCode.Forbidden, FaultCodes.OwnApproval), (status, Text(body["code"])));
        Assert.Contains("named key", Text(body["errors"]![0]!["remedy"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deny_WithAComment_EndsItWithNothingChanged()
    {
        await using var host = await StartAsync();
        var id = await host.OrderAsync("alice");
        await host["bob"].WhenAsync(id, "awaitingApproval");

        await host.DenyAsync("bob", id, "not in office hours");
        var ended = await host["alice"].WhenEndedAsync(id);
        var (late, body) = await host.ApproveAsync("bob", id);

        Assert.Equal(("denied", FaultCodes.ApprovalDenied, "not in office hours"), (Text(ended["status"]), Text(ended["faults"]![0]!["code"]), Text(ended["faults"]![0]!["detail"])));
        Assert.Equal((HttpStatusCode.Conflict, FaultCodes.NotAwaitingApproval), (late, Text(body["code"])));
        Assert.Empty(await fixture.Sandbox.LeftOversAsync());
    }

    [Fact]
    public async Task Deadline_NobodySaysAnything_Expired()
    {
        await using var host = await StartAsync(within: "00:00:01");
        var id = await host.OrderAsync("alice");

        var ended = await host["alice"].WhenEndedAsync(id);

        Assert.Equal(("expired", FaultCodes.ApprovalExpired), (Text(ended["status"]), Text(ended["faults"]![0]!["code"])));
    }

    [Fact]
    public async Task Fleet_ApprovedOnce_EveryPodsGrantNamesTheApprover()
    {
        await using var host = await StartAsync();
        var id = await host["alice"].OrderAsync(new { target = new { @namespace = "shop", selector = "app in (web, client)" }, window = new { duration = "10m" } });
        var waiting = await host["bob"].WhenAsync(id, "awaitingApproval");

        await host.ApproveAsync("bob", id);
        await host["alice"].WhenAsync(id, "capturing");
        var bindings = await fixture.Sandbox.Admin.RbacAuthorizationV1.ListNamespacedRoleBindingAsync("shop", labelSelector: "app.kubernetes.io/managed-by=captureflow,captureflow.io/capture-id");
        await host["alice"].PostAsync($"/api/captures/{id}/stop");
        var ended = await host["alice"].WhenEndedAsync(id);

        Assert.Empty(waiting["members"]!.AsArray());
        Assert.Equal("key:alice", Text(waiting["order"]!["requestedBy"]));
        Assert.Equal(["key:bob", "key:bob"], bindings.Items.Select(binding => binding.Annotations()["captureflow.io/approved-by"]));
        Assert.Equal(("completed", "key:bob"), (Text(ended["status"]), Text(ended["approval"]!["decision"]!["by"])));
    }

    [Theory]
    [InlineData("rita", "POST", "captures", HttpStatusCode.Forbidden)]
    [InlineData("bob", "POST", "captures", HttpStatusCode.Forbidden)]
    [InlineData("rita", "POST", "captures/cf-0000000000000000/cancel", HttpStatusCode.Forbidden)]
    [InlineData("rita", "POST", "captures/cf-0000000000000000/approve", HttpStatusCode.Forbidden)]
    [InlineData("alice", "POST", "captures/cf-0000000000000000/approve", HttpStatusCode.NotFound)]
    [InlineData("bob", "GET", "captures/cf-0000000000000000/files/capture.pcap", HttpStatusCode.Forbidden)]
    [InlineData("bob", "GET", "captures/cf-0000000000000000/manifest", HttpStatusCode.Forbidden)]
    [InlineData("rita", "GET", "captures/cf-0000000000000000/files/capture.pcap", HttpStatusCode.NotFound)]
    [InlineData("bob", "GET", "captures", HttpStatusCode.OK)]
    public async Task Request_Role_DecidesAndIsNamed(string person, string method, string path, HttpStatusCode expected)
    {
        await using var host = await StartAsync();

        var (status, body) = await host[person].SendAsync(new(method), $"/api/{path}");

        Assert.Equal(expected, status);
        if (expected == HttpStatusCode.Forbidden)
        {
            Assert.Equal(FaultCodes.RoleMissing, Text(body!["code"]));
            Assert.Contains($"key:{person} has not the role", Text(body["title"]), StringComparison.Ordinal);
        }
    }

    private Task<PeopleHost> StartAsync(string within = "00:10:00") => PeopleHost.StartAsync(
        fixture.Sandbox.CaptureFlowKubeconfig,
        People,
        new Dictionary<string, string> { ["Policy__ApprovalNamespaces__0"] = "shop", ["Policy__ApprovalWithin"] = within, ["Access__FunctionKey"] = "all" });

    private static string Text(JsonNode? node) => node!.GetValue<string>();
}
