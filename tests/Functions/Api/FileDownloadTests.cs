using System.Net;
using CaptureFlow.Functions.Tests.Telemetry;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>A stored file as download tools ask for it, and what the log says of it.</summary>
public sealed class FileDownloadTests(ApiHost host) : IClassFixture<ApiHost>
{
    [Fact]
    public async Task Head_OfAFile_ItsSizeAndTagAndNothingInTheLog()
    {
        var id = await StoredAsync();
        using var get = await SendAsync(HttpMethod.Get, id);

        using var head = await SendAsync(HttpMethod.Head, id);

        Assert.Equal((HttpStatusCode.OK, FakeSite.File.Length), (head.StatusCode, head.Content.Headers.ContentLength));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync());
        Assert.NotNull(head.Headers.ETag);
        Assert.Equal((get.Headers.ETag, false), (head.Headers.ETag, head.Headers.ETag.IsWeak));
        Assert.Single(await DownloadsAsync(id));
    }

    [Theory]
    [InlineData("/api/health")]
    [InlineData("/api/captures")]
    [InlineData("/api/openapi.yaml")]
    public async Task Head_OfAnyAddress_AnsweredAsGet(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, path);
        using var response = await host.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_FileThatTheCallerHas_304AndNothingInTheLog()
    {
        var id = await StoredAsync();
        using var head = await SendAsync(HttpMethod.Head, id);

        using var again = await SendAsync(HttpMethod.Get, id, ("If-None-Match", head.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Empty(await DownloadsAsync(id));
    }

    [Fact]
    public async Task Get_RangeOfAnotherFile_TheWholeOfThisOne()
    {
        var id = await StoredAsync();
        using var head = await SendAsync(HttpMethod.Head, id);

        using var other = await SendAsync(HttpMethod.Get, id, ("Range", "bytes=4-"), ("If-Range", "\"some-other-file\""));
        using var same = await SendAsync(HttpMethod.Get, id, ("Range", "bytes=4-"), ("If-Range", head.Headers.ETag!.ToString()));

        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
        Assert.Equal(FakeSite.File, await other.Content.ReadAsByteArrayAsync());
        Assert.Equal(HttpStatusCode.PartialContent, same.StatusCode);
        Assert.Equal(FakeSite.File[4..], await same.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task Get_FileByItsDate_HeededWhereNoTagIsGiven()
    {
        var id = await StoredAsync();
        using var head = await SendAsync(HttpMethod.Head, id);
        var storedAt = Assert.NotNull(head.Content.Headers.LastModified);
        var tag = head.Headers.ETag!.ToString();
        string Date(int seconds) => storedAt.AddSeconds(seconds).ToString("R");

        foreach (var (status, headers) in new (HttpStatusCode, (string, string)[])[]
        {
            (HttpStatusCode.NotModified, [("If-Modified-Since", Date(0))]),
            (HttpStatusCode.NotModified, [("If-Modified-Since", Date(-1)), ("If-None-Match", tag)]),
            (HttpStatusCode.OK, [("If-Modified-Since", Date(-1))]),
            (HttpStatusCode.OK, [("If-Modified-Since", Date(0)), ("If-None-Match", "\"another\"")]),
            (HttpStatusCode.OK, [("If-Unmodified-Since", Date(0))]),
            (HttpStatusCode.OK, [("If-Unmodified-Since", Date(-1)), ("If-Match", tag)]),
            (HttpStatusCode.PreconditionFailed, [("If-Unmodified-Since", Date(-1))]),
            (HttpStatusCode.PartialContent, [("Range", "bytes=4-"), ("If-Range", Date(0))]),
            (HttpStatusCode.OK, [("Range", "bytes=4-"), ("If-Range", Date(-1))]),
            (HttpStatusCode.OK, [("Range", "bytes=4-"), ("If-Range", Date(1))]),
        })
        {
            using var answer = await SendAsync(HttpMethod.Get, id, headers);

            Assert.True(status == answer.StatusCode, $"{string.Join(", ", headers)}: {answer.StatusCode}");
            Assert.Equal(storedAt, answer.Content.Headers.LastModified ?? storedAt);
        }
    }

    [Fact]
    public async Task Get_InRanges_OneLineInTheLog()
    {
        var id = await StoredAsync();

        for (var at = 0; at < 4; at++)
        {
            using var part = await SendAsync(HttpMethod.Get, id, ("Range", $"bytes={at}-{at}"));
            Assert.Equal(FakeSite.File[at..(at + 1)], await part.Content.ReadAsByteArrayAsync());
        }

        Assert.Contains("\"as\":\"ranges\"", Assert.Single(await DownloadsAsync(id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_RangeBehindTheEnd_416AndNothingInTheLog()
    {
        var id = await StoredAsync();

        using var behind = await SendAsync(HttpMethod.Get, id, ("Range", $"bytes={FakeSite.File.Length}-"));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, behind.StatusCode);
        Assert.Empty(await DownloadsAsync(id));
    }

    [Theory]
    [InlineData("GET", "/api/nosuch", HttpStatusCode.NotFound, "address-unknown")]
    [InlineData("PUT", "/api/captures", HttpStatusCode.MethodNotAllowed, "method-not-allowed")]
    public async Task Request_ThatNoFunctionAnswers_HasACode(string method, string path, HttpStatusCode status, string code)
    {
        using HttpRequestMessage request = new(new(method), path);
        using var response = await host.Http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains($"\"code\":\"{code}\"", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<string> StoredAsync()
    {
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });
        await host.WhenEndedAsync(id);
        return id;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string id, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, $"/api/captures/{id}/files/capture.pcap");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await host.Http.SendAsync(request);
    }

    private async Task<IReadOnlyList<string>> DownloadsAsync(string id) =>
        [.. (await host.Http.GetStringAsync(new Uri($"/api/captures/{id}/log", UriKind.Relative))).Split('\n').Where(line => line.Contains("\"downloaded\"", StringComparison.Ordinal))];
}
