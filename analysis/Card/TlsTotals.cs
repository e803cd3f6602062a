namespace CaptureFlow.Analysis;

/// <summary>All TLS connections of the capture together.</summary>
/// <param name="Handshakes">Of which a hello was seen.</param>
/// <param name="Completed">Both ends came to its end, as far as that can be seen from outside.</param>
/// <param name="Failed">Ended by an alert, or before their end.</param>
/// <param name="Unclear">Parts of them are not in the file.</param>
/// <param name="BeganBefore">Connections whose handshake was before the capture.</param>
/// <param name="Versions">How many servers' hellos chose each: <c>TLS 1.3</c>.</param>
/// <param name="Servers">Those with the most failures and handshakes.</param>
public sealed record TlsTotals(
    long Handshakes,
    long Completed,
    long Failed,
    long Unclear,
    long BeganBefore,
    IReadOnlyDictionary<string, long> Versions,
    IReadOnlyList<TlsServerRow> Servers)
{
    /// <summary>Of a capture without TLS.</summary>
    public static TlsTotals None { get; } = new(0, 0, 0, 0, 0, new Dictionary<string, long>(), []);
}
