using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Functions.Access;
using CaptureFlow.Functions.Tests.Access;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>A way past what depends on who is asking: roles, a second person's word, the line for a quota.</summary>
internal static class SignedInWalk
{
    private static readonly string Alice = Principals.Of("alice", "CaptureFlow.Requester");
    private static readonly string Bob = Principals.Of("bob", "CaptureFlow.Approver");
    private static readonly string Carol = Principals.Of("carol", "CaptureFlow.Requester", "CaptureFlow.Approver");

    /// <summary>A namespace where a second person is asked, and two captures at a time for each caller.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Settings =>
    [
        new("CaptureFlow:Policy:ApprovalNamespaces:0", "guarded"),
        new("CaptureFlow:Quotas:PerCaller:Concurrent", "2"),
        new("CaptureFlow:Access:Secrets:reader", ReaderKey),
        new("CaptureFlow:Access:Keys:reader", "reader"),
        new("CaptureFlow:Access:Secrets:nobody", NobodysKey),
    ];

    /// <summary>For the addresses that sign-in leaves out.</summary>
    internal const string ReaderKey = "the-key-of-a-reader-0123";

    private const string NobodysKey = "the-key-of-nobody-012345";

    public static async Task RunAsync(ApiHost host)
    {
        host.ActAs("no principal");
        await ContractWalk.EveryKeyedAsync(host, 401);
        host.ActAs(null);
        await ContractWalk.EveryKeyedAsync(host, 401);
        host.ActAs(Principals.Of("nobody"));
        host.Http.DefaultRequestHeaders.Add(ApiKeys.Header, NobodysKey);
        await ContractWalk.EveryKeyedAsync(host, 403);
        await ContractWalk.EveryKeyedAsync(host, 403, ContractWalk.NoSuchQuery);
        host.Http.DefaultRequestHeaders.Remove(ApiKeys.Header);
        await DecideAsync(host);
        await DecideOnSeveralAsync(host);
        await QueueAsync(host);
        host.ActAs(null);
    }

    private static async Task DecideAsync(ApiHost host)
    {
        host.ActAs(Carol);
        var own = await host.OrderAsync(One("guarded"));
        await host.WhenAsync(own, "awaitingApproval");
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{own}/approve", 403);
        host.ActAs(Alice);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "captures?dryRun=true", 200, JsonContent.Create(One("guarded")));
        var id = await host.OrderAsync(One("guarded"));
        var waiting = await host.WhenAsync(id, "awaitingApproval");
        host.ActAs(Bob);
        foreach (var word in new[] { "approve", "deny" })
        {
            Assert.Equal($"/api/captures/{id}/{word}", waiting["links"]![word]!.GetValue<string>());
            await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/{word}?now=1", 400);
            await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/{word}", 400, JsonContent.Create(new { comment = new string('c', 501) }));
            await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/{word}", 413, ContractWalk.Json(new string(' ', 70_000)));
            await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/{word}", 415, new StringContent("{}", Encoding.UTF8, "text/plain"));
            await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{ContractWalk.Unknown}/{word}", 404);
        }

        await DenyAsync(host, own, "guarded/web");
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{own}/deny", 409);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/approve", 202, JsonContent.Create(new { comment = "fine" }));
        await host.WhenAsync(id, "capturing");
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/approve", 409);
        host.ActAs(Alice);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/stop", 202);
        var ended = await host.WhenEndedAsync(id);
        Assert.Equal("bob@example.com", ended["order"]!["approval"]!["by"]!.GetValue<string>());
        await ContractWalk.ExpectAsync(host, HttpMethod.Get, $"captures/{id}/manifest", 200);
        await ContractWalk.ExpectAsync(host, HttpMethod.Get, $"captures/{id}/log", 200);
    }

    private static async Task DecideOnSeveralAsync(ApiHost host)
    {
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, "captures?dryRun=true", 200, JsonContent.Create(Several("guarded")));
        var id = await host.OrderAsync(Several("guarded"));
        var waiting = await host.WhenAsync(id, "awaitingApproval");
        Assert.NotEmpty(waiting["approval"]!["why"]!.AsArray());
        host.ActAs(Bob);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/approve", 202);
        await host.WhenAsync(id, "capturing");
        await CancelAsync(host, id);
        host.ActAs(Alice);
        var denied = await host.OrderAsync(Several("guarded"));
        await host.WhenAsync(denied, "awaitingApproval");
        await DenyAsync(host, denied, "guarded/app=web");
        host.ActAs(Alice);
    }

    /// <summary>A second person says no, and the log of what was never granted anything says who asked and who said it.</summary>
    private static async Task DenyAsync(ApiHost host, string id, string target)
    {
        host.ActAs(Bob);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/deny", 202, JsonContent.Create(new { comment = "not today" }));
        var denied = await host.WhenAsync(id, "denied");
        host.ActAs(Carol);
        using var response = await host.Http.GetAsync(new Uri(denied["links"]!["log"]!.GetValue<string>(), UriKind.Relative));
        var log = (await response.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(["asked", "denied"], log.Select(entry => entry["event"]!.GetValue<string>()));
        Assert.Equal(target, log[0]["facts"]!["target"]!.GetValue<string>());
        Assert.Equal(("bob@example.com", "not today"), (log[1]["by"]!.GetValue<string>(), log[1]["facts"]!["comment"]!.GetValue<string>()));
        host.ActAs(Bob);
    }

    private static async Task QueueAsync(ApiHost host)
    {
        var running = await host.OrderAsync(Several("shop"));
        await host.WhenAsync(running, "capturing");
        var (one, several) = (await host.OrderAsync(One("shop")), await host.OrderAsync(Several("shop")));
        await host.UntilAsync(one, seen => seen["progress"]?["queue"]?["waitsFor"] is not null);
        await host.UntilAsync(several, seen => seen["queue"]?["waitsFor"] is not null);
        await ContractWalk.ExpectAsync(host, HttpMethod.Get, "captures?pageSize=200", 200);
        await CancelAsync(host, several);
        await CancelAsync(host, one);
        await CancelAsync(host, running);
    }

    private static async Task CancelAsync(ApiHost host, string id)
    {
        host.ActAs(Alice);
        await ContractWalk.ExpectAsync(host, HttpMethod.Post, $"captures/{id}/cancel", 202);
        await host.WhenEndedAsync(id);
    }

    private static object One(string @namespace) => new { target = new { pod = $"{@namespace}/web" }, window = new { duration = "10m" } };

    private static object Several(string @namespace) => new { target = new { @namespace, selector = "app=web" }, window = new { duration = "10m" } };
}
