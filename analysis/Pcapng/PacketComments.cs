namespace CaptureFlow.Analysis;

/// <summary>The findings of a card as comments on their packets, in the card's own words.</summary>
public static class PacketComments
{
    /// <summary>A packet can be of several findings; more than this is unreadable.</summary>
    private const int MostOfPacket = 8;

    /// <param name="findings">Severity, code, subject, sentence and packets of each, the worst first.</param>
    public static IReadOnlyDictionary<long, IReadOnlyList<string>> From(
        IEnumerable<(FindingSeverity Severity, string Code, string Subject, string Says, IReadOnlyList<long> Packets)> findings)
    {
        Dictionary<long, List<string>> comments = [];
        foreach (var (severity, code, subject, says, packets) in findings)
        {
            foreach (var packet in packets.Distinct())
            {
                if (!comments.TryGetValue(packet, out var ofPacket))
                {
                    comments.Add(packet, ofPacket = []);
                }

                if (ofPacket.Count < MostOfPacket)
                {
                    ofPacket.Add($"{severity} {code}: {subject}: {says}");
                }
            }
        }

        return comments.ToDictionary(pair => pair.Key, IReadOnlyList<string> (pair) => pair.Value);
    }

    /// <param name="card">The card of the same file.</param>
    public static IReadOnlyDictionary<long, IReadOnlyList<string>> Of(TriageCard card) =>
        From(card.Findings.Select(f => (f.Severity, f.Code, f.Subject, f.Says, f.Packets)));
}
