using CaptureFlow.Clients.NSwag;

namespace CaptureFlow.Clients;

/// <summary>With the client that NSwag generates.</summary>
internal sealed class NSwagOrders(HttpClient http, Uri address) : IOrderingClient
{
    private readonly CaptureFlowClient _client = new(http) { BaseUrl = new Uri(address, "/api").ToString() };

    public IReadOnlyDictionary<string, Func<CancellationToken, Task<string>>> Orders() => new Dictionary<string, Func<CancellationToken, Task<string>>>
    {
        ["pod"] = cancel => OrderAsync(new() { Pod = "shop/web" }, new() { Expression = "tcp port 80", Port = "8080" }, cancel),
        ["workload"] = cancel => OrderAsync(new() { Namespace = "shop", Workload = "deployment/web" }, null, cancel),
        ["selector"] = cancel => OrderAsync(new() { Namespace = "shop", Selector = "app=web" }, null, cancel),
        ["fleet"] = cancel => OrderAsync(new() { Namespace = "shop", Workload = "deployment/web", MaxPods = 2 }, new() { Port = "http" }, cancel),
        ["node"] = cancel => OrderAsync(new() { Node = new() { Name = "node-1" } }, null, cancel),
        ["node of a pod"] = cancel => OrderAsync(new() { Node = new() { Pod = "shop/web", Narrow = false } }, null, cancel),
    };

    public async Task<(bool Ended, string Text)> LookAsync(string id, CancellationToken cancellationToken)
    {
        var capture = await _client.GetCaptureAsync(id, "5", null, null, null, cancellationToken);
        return (capture.Status is Status.Completed or Status.Failed or Status.Refused, $"{capture.Status} {capture.Verdict ?? $"{capture.Members?.Count} members"}");
    }

    private async Task<string> OrderAsync(OrderedTarget target, OrderedFilter? filter, CancellationToken cancellationToken)
    {
        OrderedWindow window = new() { Duration = "1s", SnapLength = 262144, MaxBytes = 1_000_000 };
        var accepted = await _client.StartCaptureAsync(null, null, new() { Target = target, Filter = filter, Window = window, Reason = "a generated client" }, cancellationToken);
        return accepted.Id!;
    }
}
