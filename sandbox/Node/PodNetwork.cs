using System.Globalization;

namespace CaptureFlow.Sandbox.Node;

/// <summary>
/// Gives a pod an address and joins it to the node by veth. The node routes between pods and knows every neighbour beforehand, so no ARP
/// and no flooded frame ever shows in a pod's capture: a silent pod is truly silent.
/// </summary>
internal sealed class PodNetwork(NodeInit node)
{
    private const string Gateway = "169.254.1.1";
    private const string GatewayAddress = "ee:ee:ee:ee:ee:ee";

    private readonly Lock _gate = new();
    
    // First in, first out, so that an address is not used again while its last namespace is still being torn down.
    private readonly Queue<int> _free = new(Enumerable.Range(2, 253));
    private int _links;

    internal static string AddressOf(int number) => string.Create(CultureInfo.InvariantCulture, $"10.244.0.{number}");

    /// <summary>Takes a number for a pod; 0 when all are in use.</summary>
    internal int TryTake()
    {
        lock (_gate)
        {
            return _free.TryDequeue(out var number) ? number : 0;
        }
    }

    internal void Give(int number)
    {
        lock (_gate)
        {
            _free.Enqueue(number);
        }
    }

    internal async Task JoinAsync(int number, int pause, CancellationToken cancellation)
    {
        var address = AddressOf(number);
        var link = string.Create(CultureInfo.InvariantCulture, $"veth{Interlocked.Increment(ref _links)}");
        var own = string.Create(CultureInfo.InvariantCulture, $"0a:58:0a:f4:00:{number:x2}");
        await BatchAsync(node.Id, cancellation,
            $"link add {link} type veth peer name eth0 netns {pause}",
            $"link set {link} address {GatewayAddress} up",
            $"neigh replace {address} lladdr {own} dev {link} nud permanent",
            $"route replace {address} dev {link}");
        await BatchAsync(pause, cancellation,
            $"addr add {address}/32 dev eth0",
            $"link set eth0 address {own} up",
            $"neigh add {Gateway} lladdr {GatewayAddress} dev eth0 nud permanent",
            $"route add {Gateway} dev eth0 scope link",
            $"route add default via {Gateway} dev eth0");
    }

    private static Task BatchAsync(int process, CancellationToken cancellation, params string[] lines) => Spawn.RunAsync(
        ["nsenter", Spawn.Namespace("net", process), "--", "ip", "-batch", "-"], string.Join('\n', lines) + "\n", cancellation);
}
