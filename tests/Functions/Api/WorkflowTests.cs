using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask.Http;
using Microsoft.DurableTask;

namespace CaptureFlow.Functions.Tests.Api;

/// <summary>Workflow engines that order a capture and go on with its end: by Durable Functions' own client, and by the rules that Logic Apps documents.</summary>
public sealed class WorkflowTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly object Short = new { target = new { pod = "shop/web" }, window = new { duration = "1s" } };
    private static readonly object Long = new { target = new { pod = "shop/web" }, window = new { duration = "10m" } };

    [Fact]
    public async Task DurableFunctions_CallHttpAsync_ReturnsTheEndedCapture()
    {
        HttpCallContext context = new(host.Http);

        var response = await context.CallHttpAsync(new DurableHttpRequest(HttpMethod.Post, new(host.Url, "/api/captures"))
        {
            Content = JsonSerializer.Serialize(Short),
            AsynchronousPatternEnabled = true,
        });

        var capture = JsonNode.Parse(response.Content!)!;
        var id = capture["id"]!.GetValue<string>();
        Assert.Equal((HttpStatusCode.OK, "completed"), (response.StatusCode, capture["status"]!.GetValue<string>()));
        Assert.Equal("POST /api/captures 202", context.Requests[0]);
        Assert.All(context.Requests[1..^1], request => Assert.Equal($"GET /api/captures/{id}?async=202 202", request));
        Assert.Equal($"GET /api/captures/{id}?async=202 200", context.Requests[^1]);
        Assert.All(context.Pauses, pause => Assert.InRange(pause, TimeSpan.Zero, TimeSpan.FromSeconds(15)));
    }

    [Fact]
    public async Task LogicApps_HttpAction_PollsTheAbsoluteLocationUntilItIsNo202()
    {
        // Where the service is reached; the tests' own address, which is only known once it runs, stands for it.
        const string Public = "https://captureflow.example.com";
        await using ApiHost service = new() { Settings = new Dictionary<string, string?> { ["CaptureFlow:PublicUrl"] = Public + "/" } };
        await service.InitializeAsync();
        using var response = await service.Http.PostAsJsonAsync("/api/captures", Short);
        var answer = response;
        var polls = 0;

        // 202: Location, absolute, is asked again after Retry-After seconds; any other status is the action's output.
        while (answer.StatusCode == HttpStatusCode.Accepted)
        {
            var (location, pause) = (answer.Headers.Location!, answer.Headers.RetryAfter!.Delta!.Value);
            Assert.StartsWith(Public + "/api/captures/", location.AbsoluteUri, StringComparison.Ordinal);
            await Task.Delay(pause);
            answer = await service.Http.GetAsync(new Uri(location.PathAndQuery, UriKind.Relative));
            polls++;
        }

        using (answer)
        {
            Assert.InRange(polls, 1, 100);
            Assert.Equal((HttpStatusCode.OK, "completed"), (answer.StatusCode, await StatusAsync(answer)));
        }
    }

    [Theory]
    [InlineData("?async=202", null, HttpStatusCode.Accepted)]
    [InlineData("", "respond-async", HttpStatusCode.Accepted)]
    [InlineData("", "wait=10, Respond-Async; foo", HttpStatusCode.Accepted)]
    [InlineData("", "return=minimal", HttpStatusCode.OK)]
    [InlineData("", null, HttpStatusCode.OK)]
    public async Task Get_OfARunningCapture_AnswersAsItIsAskedTo(string query, string? prefer, HttpStatusCode expected)
    {
        var id = await host.OrderAsync(Long);
        await host.WhenAsync(id, "capturing");

        using var running = await GetAsync(id, query, prefer);
        await CancelAsync(id);
        await host.WhenEndedAsync(id);
        using var ended = await GetAsync(id, query, prefer);

        Assert.Equal(expected, running.StatusCode);
        Assert.Equal(expected == HttpStatusCode.Accepted ? $"/api/captures/{id}?async=202" : null, running.Headers.Location?.ToString());
        Assert.NotNull(running.Headers.RetryAfter);
        Assert.Equal("capturing", await StatusAsync(running));
        Assert.Equal((HttpStatusCode.OK, "cancelled"), (ended.StatusCode, await StatusAsync(ended)));
        Assert.Null(ended.Headers.Location);
        Assert.Equal(prefer?.Contains("async", StringComparison.OrdinalIgnoreCase) == true, running.Headers.Contains("Preference-Applied"));
    }

    [Fact]
    public async Task Get_WithAnotherAsync_400()
    {
        using var response = await GetAsync(ContractWalk.Unknown, "?async=true", null);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Cancel_Location_Is202UntilTheEnd()
    {
        var id = await host.OrderAsync(Long);
        await host.WhenAsync(id, "capturing");

        using var cancelled = await CancelAsync(id);

        Assert.Equal($"/api/captures/{id}?async=202", cancelled.Headers.Location!.ToString());
        await host.WhenEndedAsync(id);
        using var ended = await host.Http.GetAsync(cancelled.Headers.Location);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    private Task<HttpResponseMessage> CancelAsync(string id) => host.Http.PostAsync(new Uri($"/api/captures/{id}/cancel", UriKind.Relative), null);

    private async Task<HttpResponseMessage> GetAsync(string id, string query, string? prefer)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, $"/api/captures/{id}{query}");
        if (prefer is not null)
        {
            request.Headers.TryAddWithoutValidation("Prefer", prefer);
        }

        return await host.Http.SendAsync(request);
    }

    private static async Task<string> StatusAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!["status"]!.GetValue<string>();
}
