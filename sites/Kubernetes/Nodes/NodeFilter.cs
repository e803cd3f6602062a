using System.Net;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Sites.Kubernetes;

/// <summary>The filter of a capture on a node. Pure.</summary>
internal static class NodeFilter
{
    /// <summary>
    /// A filter that closes a parenthesis which it did not open would escape from what it is joined to. tcpdump refuses such a filter when it
    /// stands alone, but there is not one on every host that plans.
    /// </summary>
    public static CaptureFault? Check(string? filter)
    {
        var open = 0;
        foreach (var c in filter ?? "")
        {
            open += c switch { '(' => 1, ')' => -1, _ => 0 };
            if (open < 0)
            {
                break;
            }
        }

        return open == 0 ? null : Planning.FilterFault("its parentheses are not balanced", filter);
    }

    /// <summary>Whether these are addresses, and at least one.</summary>
    public static bool CanNarrow(IReadOnlyList<string> addresses) => addresses.Count > 0 && addresses.All(IsAddress);

    public static bool IsAddress(string text) => IPAddress.TryParse(text, out _);

    /// <summary>The asked filter, narrowed to the pod's addresses; or for the whole node, without the traffic that CaptureFlow causes itself.</summary>
    /// <param name="asked">Null for everything.</param>
    /// <param name="place">The node.</param>
    /// <param name="narrow">Whether only the pod's traffic is wanted.</param>
    /// <param name="ownPort">The node's port through which the capture is watched and fetched.</param>
    /// <exception cref="ArgumentException">Narrowed, and not every address of the pod can be read: what is left would be too much, or too little.</exception>
    public static string? Of(string? asked, NodePlace place, bool narrow, int ownPort)
    {
        if (narrow && !CanNarrow(place.PodAddresses))
        {
            throw new ArgumentException("There is no narrowing to addresses that cannot be read.", nameof(place));
        }

        var hosts = string.Join(" or ", (narrow ? place.PodAddresses : place.Addresses).Where(IsAddress).Select(a => $"host {a}"));
        var own = hosts.Length == 0 ? null : narrow ? hosts : $"not (tcp port {ownPort} and ({hosts}))";
        return (own, asked) switch
        {
            (null, _) => asked,
            (_, null) => own,
            _ => PodPorts.Both(own, asked),
        };
    }
}
