using System.Net;
using System.Net.Sockets;

namespace CaptureFlow.Functions.Notifications;

/// <summary>
/// Which addresses a message may go to. A name in the configuration is resolved anew for each connection, by whoever answers for it: what
/// comes of it is looked at then, and the connection is made to just that address.
/// </summary>
internal static class ReceiverAddresses
{
    /// <summary>
    /// The platform's own services at a node, among them those that hand out credentials: nobody's receiver. The last is Azure's, at a
    /// public address.
    /// </summary>
    private static readonly IPNetwork[] Metadata = [.. Read("169.254.0.0/16", "fe80::/10", "fd00:ec2::/32", "168.63.129.16/32")];

    private static readonly IPNetwork[] Loopback = [.. Read("127.0.0.0/8", "::1/128")];

    /// <summary>
    /// IANA's registries of special addresses, as far as they are not above: https://www.iana.org/assignments/iana-ipv4-special-registry
    /// and -ipv6-.
    /// </summary>
    private static readonly IPNetwork[] Private =
    [
        .. Read(
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/3", "::/128", "fc00::/7", "ff00::/8"),
    ];

    /// <summary>What a translating gateway makes of an IPv4 address (RFC 6052).</summary>
    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>Why no message goes there; null when one may.</summary>
    public static string? Refusal(IPAddress found, ReceiverOptions receiver)
    {
        var address = Plain(found);
        if (Array.Exists(Metadata, network => network.Contains(address)))
        {
            return "This is a link-local or metadata address, which is never a receiver's.";
        }

        // Loopback is only ever meant where the configuration itself says so.
        if (Array.Exists(Loopback, network => network.Contains(address)))
        {
            return receiver.Url!.IsLoopback ? null : "The name leads to loopback.";
        }

        return !receiver.AllowPrivate && Array.Exists(Private, network => network.Contains(address))
            ? "This is a private address. Set AllowPrivate to true for a receiver inside your own network."
            : null;
    }

    /// <summary>Connects to an address of the receiver's that may be one.</summary>
    /// <exception cref="ReceiverRefusedException">There is none.</exception>
    public static async Task<Stream> ConnectAsync(DnsEndPoint asked, ReceiverOptions receiver, CancellationToken cancellationToken)
    {
        var found = await Dns.GetHostAddressesAsync(asked.Host, cancellationToken);
        var fit = found.Where(address => Refusal(address, receiver) is null).ToArray();
        if (fit.Length == 0)
        {
            throw new ReceiverRefusedException(found.Length == 0 ? "The receiver's name has no address." : Refusal(found[0], receiver)!);
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(fit, asked.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static IPAddress Plain(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6 && Translated.Contains(address) ? new(address.GetAddressBytes().AsSpan(12)) : address;
    }

    private static IEnumerable<IPNetwork> Read(params IEnumerable<string> networks) => networks.Select(network => IPNetwork.Parse(network));
}
