using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using CaptureFlow.Analysis;
using CaptureFlow.Functions.Tests.Access;
using CaptureFlow.Functions.Tests.Api;
using CaptureFlow.Functions.Tests.Telemetry;

namespace CaptureFlow.Functions.Tests.Triage;

/// <summary>The card as callers of a running host get it; every answer is held against openapi.yaml.</summary>
public sealed class TriageRouteTests
{
    private static readonly object Order = new { target = new { pod = "shop/web" }, window = new { duration = "1s" } };

    [Fact]
    public async Task Get_StoredCapture_TheCardOfItsFileInEitherForm()
    {
        await using var host = await StartAsync(new());
        var id = await StoredAsync(host);

        var (json, text) = (await GetAsync(host, $"{id}/triage"), await GetAsync(host, $"{id}/triage", ("Accept", "text/markdown")));

        using MemoryStream file = new(FakeSite.File);
        var card = await CaptureAnalyzer.AnalyzeAsync(file, new(), default);
        Assert.Equal(("application/json", CardJson.Write(card)), (json.Type, json.Body));
        Assert.Equal(("text/markdown", CardMarkdown.Write(card)), (text.Type, text.Body));
        Assert.Equal(json.Body, (await GetAsync(host, $"{id}/files/triage.json")).Body);
        Assert.Equal(text.Body, (await GetAsync(host, $"{id}/files/triage.md")).Body);
        var capture = JsonNode.Parse((await GetAsync(host, id)).Body)!;
        Assert.Equal($"/api/captures/{id}/triage", capture["links"]!["triage"]!.GetValue<string>());
        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains("triage card of 1 packets made", StringComparison.Ordinal));
        Assert.DoesNotContain("downloaded", (await GetAsync(host, $"{id}/log")).Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_CardThatTheCallerHas_304()
    {
        await using var host = await StartAsync(new());
        var id = await StoredAsync(host);
        var tag = (await GetAsync(host, $"{id}/triage")).Tag!;

        Assert.Equal(HttpStatusCode.NotModified, (await GetAsync(host, $"{id}/triage", ("If-None-Match", tag))).Status);
        Assert.NotEqual(tag, (await GetAsync(host, $"{id}/triage", ("Accept", "text/markdown"))).Tag);
    }

    [Fact]
    public async Task Get_NotMadeAtTheEnd_IsMadeOnceNow()
    {
        await using var host = await StartAsync(new() { Settings = new Dictionary<string, string?> { ["CaptureFlow:Triage:AtEnd"] = "00:00:00" } });
        var id = await StoredAsync(host);
        Assert.DoesNotContain(host.Log.Entries, Made);

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => GetAsync(host, $"{id}/triage")));

        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        Assert.Single(host.Log.Entries, Made);

        static bool Made((Microsoft.Extensions.Logging.LogLevel, string Text) entry) => entry.Text.Contains("triage card of", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UnderWayOrCancelled_404()
    {
        await using var host = await StartAsync(new());
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "10m" } });
        await host.WhenAsync(id, "capturing");

        var underWay = await GetAsync(host, $"{id}/triage");
        using var cancelled = await host.Http.PostAsync(new Uri($"/api/captures/{id}/cancel", UriKind.Relative), null);
        await host.WhenEndedAsync(id);
        var after = await GetAsync(host, $"{id}/triage");

        Assert.All([underWay, after], answer => Assert.Equal(HttpStatusCode.NotFound, answer.Status));
        Assert.Contains("\"code\":\"file-not-found\"", after.Body, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync(host, $"{id}/files/triage.md")).Status);
    }

    [Fact]
    public async Task Get_ByRole_WhoMayHaveTheFileMayHaveTheCard()
    {
        await using var host = await StartAsync(new() { SignedIn = true });
        host.ActAs(Principals.Of("alice", "CaptureFlow.Requester"));
        var id = await StoredAsync(host);

        foreach (var (role, status) in new[] { ("CaptureFlow.Reader", 200), ("CaptureFlow.Requester", 200), ("CaptureFlow.Approver", 403) })
        {
            host.ActAs(Principals.Of("bob", role));
            foreach (var path in new[] { "triage", "files/triage.json", "files/triage.md", "files/capture.pcap" })
            {
                Assert.Equal((path, status), (path, (int)(await GetAsync(host, $"{id}/{path}")).Status));
            }
        }
    }

    [Fact]
    public async Task Capture_CardThatTheStoreRefuses_EndsAllTheSameWithoutIt()
    {
        await using var host = await StartAsync(new());
        host.Outage.OfCards = Outage.Refuses;

        var id = await StoredAsync(host);

        Assert.Contains(host.Log.Entries, entry => entry.Text.Contains("no triage card yet", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.BadGateway, (await GetAsync(host, $"{id}/triage")).Status);
        host.Outage.OfCards = null;
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(host, $"{id}/triage")).Status);
    }

    private static async Task<ApiHost> StartAsync(ApiHost host)
    {
        await host.InitializeAsync();
        return host;
    }

    private static async Task<string> StoredAsync(ApiHost host)
    {
        var id = await host.OrderAsync(Order);
        Assert.Equal("completed", (await host.WhenEndedAsync(id))["status"]!.GetValue<string>());
        return id;
    }

    private static async Task<(HttpStatusCode Status, string? Type, string? Tag, string Body)> GetAsync(
        ApiHost host, string path, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/captures/{path}");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await host.Http.SendAsync(request);
        var body = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
        return (response.StatusCode, response.Content.Headers.ContentType?.MediaType, response.Headers.ETag?.ToString(), body);
    }
}
