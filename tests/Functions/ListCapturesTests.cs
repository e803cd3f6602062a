using System.Text.Json.Nodes;
using CaptureFlow.Functions.Captures;
using CaptureFlow.Orchestrations;
using Microsoft.DurableTask.Client;

namespace CaptureFlow.Functions.Tests;

public sealed class ListCapturesTests
{
    private readonly FakeOrchestrations _orchestrations = new();
    private readonly FakeEvidence _evidence = new();

    [Fact]
    public async Task Run_RunningAndStored_RunningFirstThenNewest()
    {
        var (running, older, newer) = (FakeEvidence.Order(), FakeEvidence.Order(minutes: 1), FakeEvidence.Order(minutes: 2));
        Store(older);
        Store(newer);
        _orchestrations.Add(running, OrchestrationRuntimeStatus.Running);

        var (body, _) = await ListAsync();

        Assert.Equal([running.CaptureId, newer.CaptureId, older.CaptureId], Ids(body));
        Assert.Equal("Complete", body["items"]![1]!["verdict"]!.GetValue<string>());
        Assert.Equal("completed", body["items"]![1]!["status"]!.GetValue<string>());
        Assert.Null(body["continuationToken"]);
    }

    [Fact]
    public async Task Run_StoredButStillRevoking_IsShownOnce()
    {
        var order = FakeEvidence.Order();
        _evidence.Manifests.Add(FakeEvidence.Manifest(order, revoked: false));
        _orchestrations.Add(order, OrchestrationRuntimeStatus.Running);

        var (body, _) = await ListAsync();

        Assert.Equal([order.CaptureId], Ids(body));
    }

    [Fact]
    public async Task Run_RefusedCapture_IsInTheListUnlessAVerdictIsAskedFor()
    {
        var order = FakeEvidence.Order();
        _orchestrations.Add(order, OrchestrationRuntimeStatus.Completed, new() { CaptureId = order.CaptureId, State = CaptureState.Refused });

        Assert.Equal([order.CaptureId], Ids((await ListAsync()).Body));
        Assert.Empty(Ids((await ListAsync("?verdict=Complete")).Body));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(200)]
    public async Task Run_PageByPage_ShowsEachOnce(int pageSize)
    {
        List<string> all = [];
        for (var i = 0; i < 7; i++)
        {
            var (running, stored) = (FakeEvidence.Order(), FakeEvidence.Order(minutes: i));
            _orchestrations.Add(running, OrchestrationRuntimeStatus.Running);
            Store(stored);
            all.AddRange([running.CaptureId, stored.CaptureId]);
        }

        List<string> seen = [];
        string? token = string.Empty;
        for (var page = 0; token is not null; page++)
        {
            Assert.InRange(page, 0, 20);
            var (body, _) = await ListAsync($"?pageSize={pageSize}&namespace=shop&continuationToken={token}");
            seen.AddRange(Ids(body));
            token = body["continuationToken"]?.GetValue<string>();
        }

        Assert.Equal(all.Order(StringComparer.Ordinal), seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Run_Filtered_AppliesToBothParts()
    {
        var (running, stored) = (FakeEvidence.Order("pay"), FakeEvidence.Order("pay"));
        _orchestrations.Add(running, OrchestrationRuntimeStatus.Running);
        _orchestrations.Add(FakeEvidence.Order("shop"), OrchestrationRuntimeStatus.Running);
        Store(stored);
        Store(FakeEvidence.Order("shop"));

        Assert.Equal([running.CaptureId, stored.CaptureId], Ids((await ListAsync("?namespace=pay")).Body));
        Assert.Empty(Ids((await ListAsync("?namespace=pay&from=2026-03-05")).Body));
        Assert.Equal(2, Ids((await ListAsync("?namespace=pay&from=2026-03-04T12:00:00Z&to=2026-03-04T12:00:01%2B00:00")).Body).Count());
    }

    [Fact]
    public async Task Run_EverythingWrong_SaysAllOfIt()
    {
        var (body, status) = await ListAsync("?verdict=Good&from=yesterday&pageSize=0&continuationToken=x&colour=red");

        Assert.Equal(400, status);
        Assert.Equal("query-invalid", body["code"]!.GetValue<string>());
        Assert.Equal(["colour", "verdict", "from", "pageSize", "continuationToken"], body["errors"]!.AsArray().Select(error => error!["field"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Run_StoreRefusesOrIsAway_IsAProblem()
    {
        var refused = new FakeEvidence { Fails = new StoreRefusedException(new(FaultCodes.StoreRefused, "No.", "Do.")) };
        var away = new FakeEvidence { Fails = new StepUnavailableException("Away.") };

        Assert.Equal((502, "store-refused"), await StatusAsync(refused));
        Assert.Equal((503, "store-unavailable"), await StatusAsync(away));
    }

    private async Task<(int, string)> StatusAsync(FakeEvidence evidence)
    {
        var request = Answers.Request();
        var (response, body) = await new ListCapturesFunction(evidence).RunAsync(request, _orchestrations, default).OfAsync(request);
        return (response.StatusCode, body!["code"]!.GetValue<string>());
    }

    private void Store(CaptureOrder order)
    {
        var manifest = FakeEvidence.Manifest(order);
        _evidence.Manifests.Add(manifest);
        _orchestrations.Add(order, OrchestrationRuntimeStatus.Completed, new() { CaptureId = order.CaptureId, State = CaptureState.Completed, Evidence = manifest.Evidence });
    }

    private async Task<(JsonNode Body, int Status)> ListAsync(string query = "")
    {
        var request = Answers.Request(query);
        var (response, body) = await new ListCapturesFunction(_evidence).RunAsync(request, _orchestrations, default).OfAsync(request);
        return (body!, response.StatusCode);
    }

    private static IEnumerable<string> Ids(JsonNode body) => body["items"]!.AsArray().Select(item => item!["id"]!.GetValue<string>());
}
