using System.Net;
using System.Text;
using CaptureFlow.Analysis;
using CaptureFlow.Functions.Tests.Telemetry;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>A stored capture as pcapng, as callers of a running host get it; every answer is held against openapi.yaml.</summary>
public sealed class PcapngDownloadTests
{
    private static readonly object Order = new { target = new { pod = "shop/web" }, window = new { duration = "1s" }, filter = "tcp port 80" };

    [Fact]
    public async Task Get_StoredCapture_ItsPacketsWithTheFactsOfTheCapture()
    {
        await using var host = await StartAsync(new());
        var id = await StoredAsync(host);

        using var response = await SendAsync(host, HttpMethod.Get, id);

        var pcapng = await response.Content.ReadAsByteArrayAsync();
        Assert.Equal((HttpStatusCode.OK, "application/x-pcapng"), (response.StatusCode, response.Content.Headers.ContentType?.MediaType));
        Assert.Equal($"{id}.pcapng", response.Content.Headers.ContentDisposition?.FileNameStar);
        Assert.True(response.Headers.CacheControl?.NoStore);
        using MemoryStream file = new(pcapng), pcap = new();
        Assert.Null(await PcapngOrigin.WriteAsync(file, pcap, default));
        Assert.Equal(FakeSite.File, pcap.ToArray());
        var text = Encoding.UTF8.GetString(pcapng);
        Assert.Contains($"capture: {id}\ntarget: shop/web on node ", text, StringComparison.Ordinal);
        Assert.Contains("\nfilter: tcp port 80\n", text, StringComparison.Ordinal);
        Assert.Contains("\nverdict: ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("comments on packets: none", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_Bytes_AreInTheLogAndHeadIsNot()
    {
        await using var host = await StartAsync(new());
        var id = await StoredAsync(host);

        using var head = await SendAsync(host, HttpMethod.Head, id);
        Assert.Equal((HttpStatusCode.OK, "application/x-pcapng"), (head.StatusCode, head.Content.Headers.ContentType?.MediaType));
        Assert.DoesNotContain("capture.pcapng", await LogAsync(host, id), StringComparison.Ordinal);

        using var get = await SendAsync(host, HttpMethod.Get, id);
        Assert.Contains("capture.pcapng", await LogAsync(host, id), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_StoreWithLinks_IsNoLink()
    {
        await using var host = await StartAsync(new());
        var id = await StoredAsync(host);
        host.Outage.Link = new("https://blobs.example/captures/x?sig=y");

        using var response = await SendAsync(host, HttpMethod.Get, id);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Get_NoCardIsMade_ThePacketsWithoutCommentsAndSaidSo()
    {
        Dictionary<string, string?> never = new() { ["CaptureFlow:Triage:AtEnd"] = "00:00:00", ["CaptureFlow:Triage:OnDemand"] = "00:00:00" };
        await using var host = await StartAsync(new() { Settings = never });
        var id = await StoredAsync(host);

        using var response = await SendAsync(host, HttpMethod.Get, id);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var text = Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync());
        Assert.Contains("comments on packets: none, since there is no triage card", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_NothingStored_404()
    {
        await using var host = await StartAsync(new());

        using var response = await SendAsync(host, HttpMethod.Get, "cf-0000000000000000");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Contains("\"code\":\"file-not-found\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
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

    private static async Task<HttpResponseMessage> SendAsync(ApiHost host, HttpMethod method, string id)
    {
        using HttpRequestMessage request = new(method, $"/api/captures/{id}/files/capture.pcapng");
        return await host.Http.SendAsync(request);
    }

    private static Task<string> LogAsync(ApiHost host, string id) => host.Http.GetStringAsync(new Uri($"/api/captures/{id}/log", UriKind.Relative));
}
