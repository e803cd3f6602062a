using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>A way past every status that the document has.</summary>
internal static class ContractWalk
{
    public const string Unknown = "cf-0000000000000000";

    /// <summary>A parameter that no address takes.</summary>
    public const string NoSuchQuery = "?nosuch=1";

    public static readonly IReadOnlyList<string> Keyed =
    [
        "POST captures", "GET captures", $"GET captures/{Unknown}", $"GET captures/{Unknown}/manifest", $"GET captures/{Unknown}/log", $"GET captures/{Unknown}/files/capture.pcap",
        $"GET captures/{Unknown}/triage",
        $"POST captures/{Unknown}/stop", $"POST captures/{Unknown}/cancel", $"POST captures/{Unknown}/approve", $"POST captures/{Unknown}/deny", "GET audit",
        "POST audit/take-back",
        "GET alerts", "POST alerts/alertmanager/shop/test",
    ];

    public static async Task RunAsync(ApiHost host)
    {
        await EveryKeyedAsync(host, 400, NoSuchQuery);
        await ExpectAsync(host, HttpMethod.Get, "health/ready", 200);
        var stored = await StoredAsync(host);
        var running = await host.OrderAsync(Order("web", "10m"));
        await host.WhenAsync(running, "capturing");
        await StartAsync(host);
        await ListAndGetAsync(host, running, stored);
        await FilesAsync(host, stored);
        await EndAsync(host, running, stored);
        await OutagesAsync(host, stored);
        await AuditAsync(host);
        await ExpectAsync(host, HttpMethod.Get, "health", 200);
        await ExpectAsync(host, HttpMethod.Get, "openapi.yaml", 200);
        await ExpectAsync(host, HttpMethod.Get, "openapi.yaml?format=json", 400);
    }

    public static async Task WithoutKeyAsync(ApiHost host)
    {
        await EveryKeyedAsync(host, 401);
        await EveryKeyedAsync(host, 401, NoSuchQuery);
        await ExpectAsync(host, HttpMethod.Get, "health", 200);
    }

    /// <summary>Every operation that takes a key, answered with the same status; one that is about the query says so.</summary>
    public static async Task EveryKeyedAsync(ApiHost host, int status, string query = "")
    {
        foreach (var operation in Keyed.Select(text => text.Split(' ')))
        {
            using HttpRequestMessage request = new(HttpMethod.Parse(operation[0]), $"/api/{operation[1]}{query}") { Content = operation is ["POST", "captures"] ? Json("{}") : null };
            using var response = await host.Http.SendAsync(request);
            var body = await response.Content.ReadAsStringAsync();
            Assert.True(status == (int)response.StatusCode, $"{request.Method} {request.RequestUri}: {(int)response.StatusCode} {body}");
            Assert.Equal(status == 400, body.Contains($"\"{FaultCodes.QueryInvalid}\"", StringComparison.Ordinal));
        }
    }

    private static async Task<string> StoredAsync(ApiHost host)
    {
        var id = await host.OrderAsync(Order("web", "1s"), "a key");
        var capture = await host.WhenEndedAsync(id);
        Assert.True(capture["status"]!.GetValue<string>() == "completed", capture.ToJsonString());
        Assert.Equal("PT1S", capture["order"]!["window"]!["duration"]!.GetValue<string>());
        return id;
    }

    private static async Task StartAsync(ApiHost host)
    {
        await ExpectAsync(host, HttpMethod.Post, "captures?dryRun=true", 200, JsonContent.Create(Order("web", "1s")));
        await ExpectAsync(host, HttpMethod.Post, "captures", 400, Json("{}"));
        await ExpectAsync(host, HttpMethod.Post, "captures", 413, Json(new string(' ', 70_000)));
        await ExpectAsync(host, HttpMethod.Post, "captures", 415, new StringContent("{}", Encoding.UTF8, "text/plain"));
        await ExpectAsync(host, HttpMethod.Post, "captures?dryRun=true", 422, JsonContent.Create(Order("nosuch", "1s")));
        await ExpectAsync(host, HttpMethod.Post, "captures?dryRun=true", 503, JsonContent.Create(Order("away", "1s")));
        await host.OrderAsync(Order("web", "1s"), "a key");
    }

    private static async Task ListAndGetAsync(ApiHost host, string running, string stored)
    {
        await ExpectAsync(host, HttpMethod.Get, "captures?pageSize=200&from=2026-01-01&to=2999-12-31", 200);
        await ExpectAsync(host, HttpMethod.Get, "captures?verdict=Good", 400);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{running}", 200);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{running}?async=202", 202);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}?async=202", 200);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{running}?wait=31", 400);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{Unknown}", 404);
        using var response = await host.Http.GetAsync(new Uri($"/api/captures/{stored}", UriKind.Relative));
        using HttpRequestMessage again = new(HttpMethod.Get, $"/api/captures/{stored}?wait=30");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var unchanged = await host.Http.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
    }

    private static async Task FilesAsync(ApiHost host, string stored)
    {
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/manifest", 200);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/manifest?pretty=1", 400);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{Unknown}/manifest", 404);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/log", 200);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/log?pretty=1", 400);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{Unknown}/log", 404);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/files/manifest.json", 200);
        var file = $"captures/{stored}/files/capture.pcap";
        await ExpectAsync(host, HttpMethod.Get, file, 200);
        await ExpectAsync(host, HttpMethod.Get, file + "?inline=1", 400);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/files/other", 404);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/files/capture.pcapng", 200);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{Unknown}/files/capture.pcapng", 404);
        foreach (var (range, status) in new[] { (new RangeHeaderValue(0, 3), 206), (new RangeHeaderValue(1_000_000, 1_000_001), 416) })
        {
            using HttpRequestMessage part = new(HttpMethod.Get, $"/api/{file}") { Headers = { Range = range } };
            using var response = await host.Http.SendAsync(part);
            Assert.Equal(status, (int)response.StatusCode);
        }

        foreach (var (header, tag, status) in new[] { ("If-None-Match", "*", 304), ("If-Match", "\"another\"", 412) })
        {
            using HttpRequestMessage conditional = new(HttpMethod.Get, $"/api/{file}");
            conditional.Headers.TryAddWithoutValidation(header, tag);
            using var response = await host.Http.SendAsync(conditional);
            Assert.Equal(status, (int)response.StatusCode);
        }

        await TriageAsync(host, stored);
        host.Outage.Link = new("https://blobs.example/captures/x?sig=y");
        await ExpectAsync(host, HttpMethod.Get, file, 302);
        host.Outage.Link = null;
    }

    private static async Task TriageAsync(ApiHost host, string stored)
    {
        var card = $"captures/{stored}/triage";
        await ExpectAsync(host, HttpMethod.Get, card, 200);
        await ExpectAsync(host, HttpMethod.Get, card + "?format=md", 400);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{Unknown}/triage", 404);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/files/triage.json", 200);
        await ExpectAsync(host, HttpMethod.Get, $"captures/{stored}/files/triage.md", 200);
        foreach (var (header, value, status) in new[] { ("Accept", "text/markdown", 200), ("If-None-Match", "*", 304), ("If-Match", "\"another\"", 412) })
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"/api/{card}");
            request.Headers.TryAddWithoutValidation(header, value);
            using var response = await host.Http.SendAsync(request);
            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    private static async Task EndAsync(ApiHost host, string running, string stored)
    {
        foreach (var end in new[] { "stop", "cancel" })
        {
            await ExpectAsync(host, HttpMethod.Post, $"captures/{running}/{end}?now=1", 400);
            await ExpectAsync(host, HttpMethod.Post, $"captures/{running}/{end}", 413, Json(new string(' ', 70_000)));
            await ExpectAsync(host, HttpMethod.Post, $"captures/{Unknown}/{end}", 404);
            await ExpectAsync(host, HttpMethod.Post, $"captures/{stored}/{end}", 409);
        }

        var other = await host.OrderAsync(Order("web", "10m"));
        await ExpectAsync(host, HttpMethod.Post, $"captures/{running}/stop", 202);
        await ExpectAsync(host, HttpMethod.Post, $"captures/{other}/cancel", 202);
        Assert.Equal("completed", (await host.WhenEndedAsync(running))["status"]!.GetValue<string>());
        Assert.Equal("cancelled", (await host.WhenEndedAsync(other))["status"]!.GetValue<string>());
    }

    private static async Task OutagesAsync(ApiHost host, string stored)
    {
        foreach (var (outage, status) in new[] { ((Exception)Outage.Refuses, 502), (Outage.Away, 503) })
        {
            host.Outage.Thrown = outage;
            await ExpectAsync(host, HttpMethod.Get, "health/ready", 503);
            foreach (var path in new[] { "captures", $"captures/{Unknown}", $"captures/{stored}/manifest", $"captures/{stored}/log", $"captures/{stored}/files/capture.pcap", $"captures/{stored}/triage" })
            {
                await ExpectAsync(host, HttpMethod.Get, path, status);
            }

            foreach (var end in new[] { "stop", "cancel" })
            {
                await ExpectAsync(host, HttpMethod.Post, $"captures/{Unknown}/{end}", status);
            }

            // With a key, it has to be known whether it has been used.
            host.Http.DefaultRequestHeaders.Add("Idempotency-Key", $"in an outage {status}");
            await ExpectAsync(host, HttpMethod.Post, "captures", status, JsonContent.Create(Order("web", "1s")));
            // Nobody needs the store to see that this is none.
            await ExpectAsync(host, HttpMethod.Post, "captures", 400, Json("{}"));
            host.Http.DefaultRequestHeaders.Remove("Idempotency-Key");
        }

        host.Outage.Thrown = null;
    }

    private static async Task AuditAsync(ApiHost host)
    {
        await ExpectAsync(host, HttpMethod.Get, "audit", 200);
        await ExpectAsync(host, HttpMethod.Get, "audit?cluster=default", 400);
        var (before, at) = (host.Site.Sweep, DateTimeOffset.UnixEpoch);
        host.Site.Sweep = new(
            at,
            [new("default", "shop", Unknown, "alice", null, at.AddSeconds(-5), at.AddMinutes(5)) { ClaimedExpiresAt = at.AddYears(70) }],
            [new("rolebinding", "shop", Unknown, Unknown, at, SweepOutcome.Overdue, "default")],
            [new(FaultCodes.ClusterUnavailable, "It is away.", "Look.")],
            ["default"]);
        await ExpectAsync(host, HttpMethod.Get, "audit", 200);
        host.Site.Sweep = host.Site.Sweep with
        {
            Findings = [.. ((SweepOutcome[])[SweepOutcome.Removed, SweepOutcome.Failed]).Select(outcome => new SweepFinding("rolebinding", "shop", Unknown, Unknown, at, outcome, "default", "Forbidden"))],
        };
        await ExpectAsync(host, HttpMethod.Post, "audit/take-back", 200);
        await ExpectAsync(host, HttpMethod.Post, "audit/take-back?cluster=default", 400);
        host.Site.Sweep = before;
    }

    private static object Order(string pod, string duration) => new { target = new { pod = $"shop/{pod}" }, window = new { duration } };

    public static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");

    public static async Task ExpectAsync(ApiHost host, HttpMethod method, string path, int status, HttpContent? content = null)
    {
        using HttpRequestMessage request = new(method, $"/api/{path}") { Content = content };
        using var response = await host.Http.SendAsync(request);
        Assert.True(status == (int)response.StatusCode, $"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
