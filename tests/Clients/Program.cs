using CaptureFlow.Clients;

// Orders in every way that there is, through the client that is named first, at the address that comes next; a line per capture that ended.
var address = new Uri(args[1]);
using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
IOrderingClient client = args[0] == "nswag" ? new NSwagOrders(http, address) : new KiotaOrders(http, address);
using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(50));
await Task.WhenAll(client.Orders().Select(async order =>
{
    var id = await order.Value(deadline.Token);
    while (true)
    {
        var (ended, text) = await client.LookAsync(id, deadline.Token);
        if (ended)
        {
            Console.WriteLine($"{order.Key}: {text}");
            return;
        }
    }
}));
