using System.Net;
using System.Text;
using System.Text.Json;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;
using k8s;
using k8s.Models;

namespace CaptureFlow.EndToEnd.Tests.Access;

/// <summary>Callers behind App Service authentication, by the header that it writes; and the same header where nobody vouches for it.</summary>
public sealed class SignedInTests(SandboxFixture fixture) : IClassFixture<SandboxFixture>
{
    private const string Header = "X-MS-CLIENT-PRINCIPAL";

    [Fact]
    public async Task Order_SignedInAndApprovedByAnother_GrantNamesBothWithTheirStableIds()
    {
        using TemporaryFolder state = new();
        await using var host = await HostWithin.StartAsync(state.Path, fixture.Sandbox.CaptureFlowKubeconfig, new Dictionary<string, string>
        {
            ["FAULTHOST_PRINCIPALS"] = "on", ["CaptureFlow__Policy__ApproveFullPayload"] = "true",
        });
        // A name that turns the writing around, in a terminal.
        using var alice = host.Api.As(Header, Principal("alice", "al\u202Eice@example.com", "CaptureFlow.Requester", "CaptureFlow.Approver"));
        using var renamed = host.Api.As(Header, Principal("alice", "somebody.else@example.com", "CaptureFlow.Approver"));
        using var bob = host.Api.As(Header, Principal("bob", "bob@example.com", "CaptureFlow.Approver"));
        var id = await alice.OrderAsync(new { target = new { pod = "shop/quiet" }, window = new { duration = "10m", snapLength = "full" } });
        await alice.WhenAsync(id, "awaitingApproval");

        var (own, _) = await renamed.PostAsync($"/api/captures/{id}/approve");
        var (others, _) = await bob.PostAsync($"/api/captures/{id}/approve");
        await alice.WhenAsync(id, "capturing");
        var binding = await fixture.Sandbox.Admin.RbacAuthorizationV1.ReadNamespacedRoleBindingAsync(id, "shop");
        await alice.PostAsync($"/api/captures/{id}/stop");
        var ended = await alice.WhenEndedAsync(id);

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Accepted), (own, others));
        Assert.Equal("alice@example.com (aad:a-tenant/alice)", binding.Annotations()["captureflow.io/requested-by"]);
        Assert.Equal("bob@example.com (aad:a-tenant/bob)", binding.Annotations()["captureflow.io/approved-by"]);
        Assert.Equal(("completed", "aad:a-tenant/alice"), (ended["status"]!.GetValue<string>(), ended["order"]!["requesterId"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Request_ClaimedPrincipalOnALocalHost_IsNobodyInParticular()
    {
        using TemporaryFolder state = new();
        await using var host = await HostProcess.StartAsync(
            state.Path, fixture.Sandbox.CaptureFlowKubeconfig, null, new Dictionary<string, string> { ["WEBSITE_AUTH_ENABLED"] = "True" });
        using var forger = host.Api.As(Header, Principal("alice", "alice@example.com", "CaptureFlow.Approver"));

        var id = await forger.OrderAsync(new { target = new { pod = "shop/nosuch" } });
        var ended = await forger.WhenEndedAsync(id);

        Assert.Equal(("anonymous", null), (ended["order"]!["requestedBy"]!.GetValue<string>(), ended["order"]!["requesterId"]?.GetValue<string>()));
    }

    [Fact]
    public async Task Request_NobodySignedInOrWithoutARole_IsUnauthorizedOrForbidden()
    {
        using TemporaryFolder state = new();
        await using var host = await HostWithin.StartAsync(
            state.Path, fixture.Sandbox.CaptureFlowKubeconfig, new Dictionary<string, string> { ["FAULTHOST_PRINCIPALS"] = "on" });

        using var dave = host.Api.As(Header, Principal("dave", "dave@example.com"));
        var order = new { target = new { pod = "shop/quiet" } };

        var (nobody, unknown) = await host.Api.PostAsync("/api/captures", order);
        var (known, lacking) = await dave.PostAsync("/api/captures", order);

        Assert.Equal((HttpStatusCode.Unauthorized, FaultCodes.KeyMissing), (nobody, unknown["code"]!.GetValue<string>()));
        Assert.Equal((HttpStatusCode.Forbidden, FaultCodes.RoleMissing), (known, lacking["code"]!.GetValue<string>()));
    }

    private static string Principal(string person, string name, params IEnumerable<string> roles) => Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new
    {
        auth_typ = "aad",
        role_typ = "roles",
        claims = new[] { new { typ = "oid", val = person }, new { typ = "tid", val = "a-tenant" }, new { typ = "preferred_username", val = name } }
            .Concat(roles.Select(role => new { typ = "roles", val = role })),
    })));
}
