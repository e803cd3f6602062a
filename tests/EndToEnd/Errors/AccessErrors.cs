using System.Text.Json;
using System.Text.Json.Nodes;
using CaptureFlow.EndToEnd.Tests.Access;
using CaptureFlow.EndToEnd.Tests.Harness;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.EndToEnd.Tests.Errors;

/// <summary>How each code is produced that concerns who is asking; each on a host of its own, on the sandbox of the others.</summary>
internal static class AccessErrors
{
    private static readonly Dictionary<string, string> People = new() { ["alice"] = "requester, approver", ["bob"] = "approver" };

    public static async Task<Seen> IdentityAsync(ErrorHost errors)
    {
        using TemporaryFolder state = new();
        await using var host = await HostWithin.StartAsync(
            state.Path, errors.Sandbox.CaptureFlowKubeconfig, new Dictionary<string, string> { ["FAULTHOST_PRINCIPALS"] = "on" });
        using var forged = host.Api.As("X-MS-CLIENT-PRINCIPAL", "bm8gcHJpbmNpcGFs");
        return Problem(await forged.SendAsync(HttpMethod.Get, "/api/captures"));
    }

    public static async Task<Seen> KeyAsync(ErrorHost errors)
    {
        await using var host = await StartAsync(errors, new Dictionary<string, string>());
        using CaptureApi stranger = new(host["bob"].Server);
        return Problem(await stranger.SendAsync(HttpMethod.Get, "/api/captures"));
    }

    public static async Task<Seen> PageAsync(ErrorHost errors)
    {
        using var page = errors.Api.As("Origin", "https://shop.example");
        return Problem(await page.SendAsync(HttpMethod.Get, "/api/captures"));
    }

    public static async Task<Seen> RoleAsync(ErrorHost errors)
    {
        await using var host = await StartAsync(errors, new Dictionary<string, string>());
        return Problem(await host["bob"].SendAsync(HttpMethod.Post, "/api/captures"));
    }

    public static async Task<Seen> OwnAsync(ErrorHost errors)
    {
        await using var host = await StartAsync(errors, Approval("00:10:00"));
        var id = await host.OrderAsync("alice");
        await host["alice"].WhenAsync(id, "awaitingApproval");
        return Problem(await host.ApproveAsync("alice", id));
    }

    public static async Task<Seen> DeniedAsync(ErrorHost errors)
    {
        await using var host = await StartAsync(errors, Approval("00:10:00"));
        var id = await host.OrderAsync("alice");
        await host["alice"].WhenAsync(id, "awaitingApproval");
        await host.DenyAsync("bob", id, "not today");
        return Ended(await host["alice"].WhenEndedAsync(id));
    }

    public static async Task<Seen> ExpiredAsync(ErrorHost errors)
    {
        await using var host = await StartAsync(errors, Approval("00:00:01"));
        return Ended(await host["alice"].WhenEndedAsync(await host.OrderAsync("alice")));
    }

    public static async Task<Seen> QuotaAsync(ErrorHost errors)
    {
        await using var host = await StartAsync(errors, new Dictionary<string, string> { ["Quotas__PerCaller__BytesPerDay"] = "1024" });
        return Ended(await host["alice"].WhenEndedAsync(await host.OrderAsync("alice")));
    }

    private static Task<PeopleHost> StartAsync(ErrorHost errors, Dictionary<string, string> settings) =>
        PeopleHost.StartAsync(errors.Sandbox.CaptureFlowKubeconfig, People, settings);

    private static Dictionary<string, string> Approval(string within) => new() { ["Policy__ApprovalNamespaces__0"] = "shop", ["Policy__ApprovalWithin"] = within };

    private static Seen Problem((System.Net.HttpStatusCode Status, JsonNode? Body) answer) => new($"{(int)answer.Status}", Faults(answer.Body!["errors"]));

    private static Seen Ended(JsonNode capture) => new(capture["status"]!.GetValue<string>(), Faults(capture["faults"]));

    private static List<CaptureFault> Faults(JsonNode? faults) => faults.Deserialize<List<CaptureFault>>(CaptureJson.Options) ?? [];
}
