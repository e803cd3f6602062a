using System.Net;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence.Tests;

public sealed class BlobLinkTests(AzuriteFixture azurite) : BlobFaultTest(azurite)
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler());
    private static readonly Actor Ada = new("aad:tenant/ada", "ada@example.com");

    [Fact]
    public async Task TryLinkAsync_StoredFile_WorksWithoutRightsForMinutesAndIsNoted()
    {
        await StoreAsync();

        var link = await Under.Links().TryLinkAsync(Id, "capture.pcap", Ada, default);

        using var response = await Http.GetAsync(link);
        Assert.Equal(Bytes, await response.Content.ReadAsByteArrayAsync());
        Assert.Equal($"attachment; filename=\"{Id}.pcap\"", response.Content.Headers.ContentDisposition?.ToString());
        var query = link!.Query;
        Assert.Contains("sp=r&", query, StringComparison.Ordinal);
        var expiry = DateTimeOffset.Parse(WebUtility.UrlDecode(query.Split("se=")[1].Split('&')[0]), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(expiry - TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(5));
        var line = Assert.Single((await Under.TextAsync($"log/{Id}.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("\"event\":\"downloaded\"", line, StringComparison.Ordinal);
        Assert.Contains("\"by\":\"ada@example.com\"", line, StringComparison.Ordinal);
        Assert.Contains("\"id\":\"aad:tenant/ada\"", line, StringComparison.Ordinal);
        Assert.DoesNotContain("sig", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryLinkAsync_EachRequest_IsALinkAndALineOfItsOwn()
    {
        await StoreAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Under.Links().TryLinkAsync(Id, "capture.pcap", new($"aad:tenant/{i}", Ada.Name), default)));

        var lines = (await Under.TextAsync($"log/{Id}.jsonl")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(8, lines.Distinct().Count());
    }

    [Fact]
    public async Task TryLinkAsync_OnAzure_IsSignedWithADelegationKeyForThatTimeAlone()
    {
        await StoreAsync();
        var keys = 0;
        Front.Rule = request =>
        {
            keys += request.Query.Contains("comp=userdelegationkey", StringComparison.Ordinal) ? 1 : 0;
            return request.Query.Contains("comp=userdelegationkey", StringComparison.Ordinal) ? new() { Status = 200, Body = DelegationKey } : null;
        };

        var link = await Under.Links(Front.Access(Under.Options)).TryLinkAsync(Id, "capture.pcap", Ada, default);

        Assert.Equal(1, keys);
        Assert.Contains("skoid=00000000-0000-0000-0000-000000000001", link!.Query, StringComparison.Ordinal);
        Assert.Contains("sr=b&sp=r", link.Query, StringComparison.Ordinal);
        Assert.Contains("sig=", link.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TryLinkAsync_CannotBeNoted_IsNotGivenOut()
    {
        await StoreAsync();
        Front.Rule = request => request.Query.Contains("comp=userdelegationkey", StringComparison.Ordinal) ? new() { Status = 200, Body = DelegationKey }
            : request.Query.Contains("comp=appendblock", StringComparison.Ordinal) ? new() { Status = 403, Code = "AuthorizationPermissionMismatch" }
            : null;

        await Assert.ThrowsAsync<StoreRefusedException>(() => Under.Links(Front.Access(Under.Options)).TryLinkAsync(Id, "capture.pcap", Ada, default));
    }

    [Theory]
    [InlineData("manifest.json")]
    [InlineData("log.jsonl")]
    [InlineData("../x")]
    [InlineData("")]
    public async Task TryLinkAsync_OtherNames_IsNull(string name)
    {
        await StoreAsync();

        Assert.Null(await Under.Links().TryLinkAsync(Id, name, Ada, default));
        Assert.Null(await Under.Links().TryLinkAsync(CaptureIds.New(), "capture.pcap", Ada, default));
        Assert.Null(await Under.Links().TryLinkAsync("..", "capture.pcap", Ada, default));
    }

    [Fact]
    public async Task TryLinkAsync_StagedOnly_IsNull()
    {
        await StageAsync(Under.Store, Id);

        Assert.Null(await Under.Links().TryLinkAsync(Id, "capture.pcap", Ada, default));
    }

    [Fact]
    public async Task TryLinkAsync_LinksOff_IsNull()
    {
        await StoreAsync();
        Under.Options.Links = false;

        Assert.Null(await Under.Links().TryLinkAsync(Id, "capture.pcap", Ada, default));
    }

    private const string DelegationKey = """
        <?xml version="1.0" encoding="utf-8"?><UserDelegationKey><SignedOid>00000000-0000-0000-0000-000000000001</SignedOid><SignedTid>00000000-0000-0000-0000-000000000002</SignedTid>
        <SignedStart>2026-03-04T12:00:00Z</SignedStart><SignedExpiry>2026-03-04T12:05:00Z</SignedExpiry><SignedService>b</SignedService><SignedVersion>2024-11-04</SignedVersion>
        <Value>AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=</Value></UserDelegationKey>
        """;

    private async Task StoreAsync()
    {
        await StageAsync(Under.Store, Id);
        Assert.True((await Under.Store.EnsureStoredAsync(Manifest(), default)).Succeeded);
    }
}
