using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using CaptureFlow.Functions.Captures;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>The status of a capture: sent once, and again when it changed; who waits is answered at the change.</summary>
public sealed class StatusTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly object Long = new { target = new { pod = "shop/web" }, window = new { duration = "10m" } };

    [Fact]
    public async Task Get_WithTheTagOfTheLastAnswer_304WithoutABody()
    {
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });
        await host.WhenEndedAsync(id);
        using var first = await GetAsync(id);

        using var again = await GetAsync(id, tag: first.Headers.ETag!.ToString());
        using var weak = await GetAsync(id, tag: $"\"other\", W/{first.Headers.ETag}");
        using var other = await GetAsync(id, tag: "\"other\"");
        using var none = await GetAsync(id, tag: "no tag at all");

        Assert.Equal((HttpStatusCode.NotModified, HttpStatusCode.NotModified), (again.StatusCode, weak.StatusCode));
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Empty(await again.Content.ReadAsByteArrayAsync());
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (other.StatusCode, none.StatusCode));
        Assert.True(first.Headers.CacheControl is { Private: true, NoCache: true });
        Assert.Null(first.Headers.RetryAfter);
    }

    [Fact]
    public async Task Wait_ForARunningCapture_AnsweredAtTheNextStatus()
    {
        var id = await host.OrderAsync(Long);
        await host.WhenAsync(id, "capturing");
        var waiting = GetAsync(id, "?wait=30");
        var tagged = await TaggedAsync(id, "?wait=PT30S");

        await EndAsync(id, "cancel");

        // Both were answered because of the cancel: without it they would say "capturing" still.
        foreach (var answer in new[] { await waiting, await tagged })
        {
            using (answer)
            {
                Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                Assert.NotEqual("capturing", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!.GetValue<string>());
            }
        }
    }

    [Fact]
    public async Task Wait_NothingChanges_AnsweredWhenItIsOver()
    {
        var id = await host.OrderAsync(Long);
        await host.WhenAsync(id, "capturing");

        var watch = Stopwatch.StartNew();
        using var unchanged = await GetAsync(id, "?wait=1");

        Assert.Equal("capturing", JsonNode.Parse(await unchanged.Content.ReadAsStringAsync())!["status"]!.GetValue<string>());
        Assert.True(watch.Elapsed >= TimeSpan.FromSeconds(0.9), $"{watch.Elapsed}");
        Assert.Equal(TimeSpan.FromSeconds(1), unchanged.Headers.RetryAfter?.Delta);
        await EndAsync(id, "cancel");
    }

    [Fact]
    public async Task Wait_MoreThanACallerMay_AnsweredAtOnceAndTheOthersAtTheChange()
    {
        var id = await host.OrderAsync(Long);
        await host.WhenAsync(id, "capturing");
        List<Task<HttpResponseMessage>> waiting = [.. Enumerable.Range(0, LongPolls.MostOfACaller + 1).Select(_ => GetAsync(id, "?wait=30"))];

        using var early = await await Task.WhenAny(waiting);
        await EndAsync(id, "cancel");

        Assert.Equal("capturing", await StatusAsync(early));
        Assert.Equal(TimeSpan.FromSeconds(1), early.Headers.RetryAfter?.Delta);
        foreach (var answer in await Task.WhenAll(waiting))
        {
            using (answer)
            {
                Assert.True(answer == early || await StatusAsync(answer) != "capturing");
            }
        }
    }

    [Fact]
    public async Task Wait_CaptureOfSeveralPods_HearsOfItsMembers()
    {
        var id = await host.OrderAsync(new { target = new { @namespace = "shop", selector = "app=web" }, window = new { duration = "10m" } });
        await host.WhenAsync(id, "capturing");
        var waiting = GetAsync(id, "?wait=30");

        await EndAsync(id, "stop");

        using var answer = await waiting;
        var capture = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        var members = capture["members"]!.AsArray().Select(member => member!["status"]!.GetValue<string>());
        Assert.Contains(members.Append(capture["status"]!.GetValue<string>()), status => status != "capturing");
    }

    [Fact]
    public async Task Wait_CallerGoesAway_NobodyComplains()
    {
        var id = await host.OrderAsync(Long);
        await host.WhenAsync(id, "capturing");
        using CancellationTokenSource gone = new();
        var waiting = host.Http.GetAsync(new Uri($"/api/captures/{id}?wait=30", UriKind.Relative), gone.Token);

        await gone.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await EndAsync(id, "cancel");
        await host.WhenEndedAsync(id);
        Assert.DoesNotContain(host.Log.Entries, entry => entry.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
    }

    [Fact]
    public async Task Wait_HostStops_AnsweredAtOnce()
    {
        await using ApiHost other = new();
        await other.InitializeAsync();
        var id = await other.OrderAsync(Long);
        await other.WhenAsync(id, "capturing");
        var waiting = other.Http.GetAsync(new Uri($"/api/captures/{id}?wait=30", UriKind.Relative));
        await other.InFlightAsync(1);

        var stopping = other.StopAsync();

        using var answer = await waiting;
        await stopping;
        Assert.Equal("capturing", JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Get_OrchestrationForgotten_ShownFromItsManifestAndCannotBeEnded()
    {
        var id = await host.OrderAsync(new { target = new { pod = "shop/web" }, window = new { duration = "1s" } });
        var before = await host.WhenEndedAsync(id);
        await host.Orchestrations.PurgeInstanceAsync(id);

        using var answer = await GetAsync(id, "?wait=30");
        using var stopped = await host.Http.PostAsync(new Uri($"/api/captures/{id}/stop", UriKind.Relative), null);

        var after = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.Equal(before["evidence"]!.ToJsonString(), after["evidence"]!.ToJsonString());
        Assert.Equal("completed", after["status"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Conflict, stopped.StatusCode);
    }

    private static async Task<string> StatusAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["status"]!.GetValue<string>();

    private async Task<Task<HttpResponseMessage>> TaggedAsync(string id, string query)
    {
        using var now = await GetAsync(id);
        return GetAsync(id, query, now.Headers.ETag!.ToString());
    }

    private async Task EndAsync(string id, string how)
    {
        using var response = await host.Http.PostAsync(new Uri($"/api/captures/{id}/{how}", UriKind.Relative), null);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    private async Task<HttpResponseMessage> GetAsync(string id, string query = "", string? tag = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/captures/{id}{query}");
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return await host.Http.SendAsync(request);
    }
}
