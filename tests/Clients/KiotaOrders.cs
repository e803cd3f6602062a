using CaptureFlow.Clients.Kiota;
using CaptureFlow.Clients.Kiota.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Http.HttpClientLibrary;

namespace CaptureFlow.Clients;

/// <summary>With the client that Kiota generates.</summary>
internal sealed class KiotaOrders(HttpClient http, Uri address) : IOrderingClient
{
    private readonly CaptureFlowClient _client = new(new HttpClientRequestAdapter(new AnonymousAuthenticationProvider(), httpClient: http)
    {
        BaseUrl = new Uri(address, "/api").ToString(),
    });

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
        var capture = await _client.Captures[id].GetAsync(request => request.QueryParameters.Wait = "5", cancellationToken);
        return (capture!.Status is Status.Completed or Status.Failed or Status.Refused, $"{capture.Status} {capture.Verdict?.ToString() ?? $"{capture.Members?.Count} members"}");
    }

    private async Task<string> OrderAsync(OrderedTarget target, OrderedFilter? filter, CancellationToken cancellationToken)
    {
        OrderedWindow window = new() { Duration = "1s", SnapLength = 262144, MaxBytes = 1_000_000 };
        var accepted = await _client.Captures.PostAsync(new() { Target = target, Filter = filter, Window = window, Reason = "a generated client" }, null, cancellationToken);
        return accepted!.Id!;
    }
}
