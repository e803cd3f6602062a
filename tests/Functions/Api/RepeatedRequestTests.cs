using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>The same request more than once, and pages of a list.</summary>
public sealed class RepeatedRequestTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly object Order = new { target = new { pod = "shop/web" }, window = new { duration = "10m" } };

    [Fact]
    public async Task Start_TenAtOnceWithOneKey_OneCapture()
    {
        var before = await host.CountInstancesAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => host.OrderAsync(Order, "ten at once")));

        Assert.Single(ids.Distinct());
        Assert.Equal(before + 1, await host.CountInstancesAsync());
    }

    [Fact]
    public async Task Start_KnownKey_AnswersWithTheCaptureAsItIs()
    {
        var id = await host.OrderAsync(Order, "known");
        await host.WhenAsync(id, "capturing");

        using var again = await PostAsync(Order, "known");
        using var other = await PostAsync(new { target = new { pod = "shop/other" } }, "known");
        using var fleet = await PostAsync(new { target = new { @namespace = "shop", selector = "app=web" } }, "known");

        var accepted = JsonNode.Parse(await again.Content.ReadAsStringAsync())!;
        Assert.Equal((HttpStatusCode.Accepted, id, "capturing"), (again.StatusCode, accepted["id"]!.GetValue<string>(), accepted["status"]!.GetValue<string>()));
        Assert.Equal(($"/api/captures/{id}?async=202", TimeSpan.FromSeconds(2)), (again.Headers.Location!.ToString(), again.Headers.RetryAfter!.Delta));
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (other.StatusCode, fleet.StatusCode));
    }

    [Fact]
    public async Task Start_KnownKeyOfAForgottenCapture_AnswersWithItAndStartsNothing()
    {
        object order = new { target = new { pod = "shop/web" }, window = new { duration = "1s" }, reason = "again" };
        var id = await host.OrderAsync(order, "forgotten");
        var ended = await host.WhenEndedAsync(id);
        await host.Orchestrations.PurgeInstanceAsync(id);
        var before = await host.CountInstancesAsync();

        using var again = await PostAsync(order, "forgotten");
        using var other = await PostAsync(new { target = new { pod = "shop/other" } }, "forgotten");

        var accepted = JsonNode.Parse(await again.Content.ReadAsStringAsync())!;
        Assert.Equal("completed", ended["status"]!.GetValue<string>());
        Assert.Equal((HttpStatusCode.Accepted, id, "completed"), (again.StatusCode, accepted["id"]!.GetValue<string>(), accepted["status"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal(before, await host.CountInstancesAsync());
    }

    [Fact]
    public async Task Start_KnownKeyOfAForgottenCaptureThatCameToNothing_IsAnotherCapture()
    {
        var first = await host.OrderAsync(Order, "nothing");
        await host.WhenAsync(first, "capturing");
        await EndAsync(first);
        await host.WhenEndedAsync(first);
        await host.Orchestrations.PurgeInstanceAsync(first);

        var second = await host.OrderAsync(Order, "nothing");
        var again = await host.OrderAsync(Order, "nothing");

        Assert.NotEqual(first, second);
        Assert.Equal(second, again);
    }

    [Fact]
    public async Task Cancel_TwiceAndAfterTheEnd_AcceptedUntilThere()
    {
        var id = await host.OrderAsync(Order);
        await host.WhenAsync(id, "capturing");

        var first = await EndAsync(id);
        await host.WhenEndedAsync(id);

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Conflict, HttpStatusCode.Conflict), (first, await EndAsync(id), await EndAsync(id)));
    }

    [Fact]
    public async Task List_TokenChangedOrOfAnotherQuery_NamedAndNot500()
    {
        await host.OrderAsync(Order);
        await host.OrderAsync(Order);
        var page = JsonNode.Parse(await host.Http.GetStringAsync(new Uri("/api/captures?pageSize=1&namespace=shop", UriKind.Relative)))!;
        var token = page["continuationToken"]!.GetValue<string>();

        Assert.Equal(HttpStatusCode.OK, await ListAsync($"pageSize=1&namespace=shop&continuationToken={token}"));
        Assert.Equal(HttpStatusCode.BadRequest, await ListAsync($"pageSize=1&namespace=other&continuationToken={token}"));
        Assert.Equal(HttpStatusCode.BadRequest, await ListAsync($"pageSize=1&namespace=shop&continuationToken={token[..^1]}"));
        Assert.Equal(HttpStatusCode.BadRequest, await ListAsync($"pageSize=1&namespace=shop&continuationToken=x{token}"));
    }

    private async Task<HttpStatusCode> ListAsync(string query)
    {
        using var response = await host.Http.GetAsync(new Uri($"/api/captures?{query}", UriKind.Relative));
        return response.StatusCode;
    }

    private async Task<HttpStatusCode> EndAsync(string id)
    {
        using var response = await host.Http.PostAsync(new Uri($"/api/captures/{id}/cancel", UriKind.Relative), null);
        return response.StatusCode;
    }

    private async Task<HttpResponseMessage> PostAsync(object order, string key)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "/api/captures") { Content = JsonContent.Create(order) };
        request.Headers.Add("Idempotency-Key", key);
        return await host.Http.SendAsync(request);
    }
}
