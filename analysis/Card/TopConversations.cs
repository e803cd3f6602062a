namespace CaptureFlow.Analysis;

/// <summary>Keeps the largest conversations: by bytes, by packets, by duration.</summary>
internal sealed class TopConversations(int most)
{
    private readonly PriorityQueue<ConversationRow, long> _byBytes = new();
    private readonly PriorityQueue<ConversationRow, long> _byPackets = new();
    private readonly PriorityQueue<ConversationRow, long> _byTime = new();

    public void Offer(TcpConversation c)
    {
        if (IsWanted(c.Bytes, c.Packets, c.LastTime - c.FirstTime))
        {
            Add(new(
                "tcp", c.ClientEnd.ToString(), c.ServerEnd.ToString(), c.Streams?.Reader?.Name, c.Packets, c.Bytes,
                Seconds(c.LastTime - c.FirstTime), c.FirstPacket,
                c.SynAckRtt is { } rtt ? RoundTrips.Milliseconds(rtt) : null, Ending(c)), c.LastTime - c.FirstTime);
        }
    }

    public void Offer(UdpFlow flow)
    {
        if (IsWanted(flow.Bytes, flow.Packets, flow.LastTime - flow.FirstTime))
        {
            Add(new(
                "udp", flow.Client.ToString(), flow.Server.ToString(), flow.Application, flow.Packets, flow.Bytes, Seconds(flow.LastTime - flow.FirstTime), flow.FirstPacket, null, null),
                flow.LastTime - flow.FirstTime);
        }
    }

    /// <summary>All that are in one of the three, the most bytes first.</summary>
    public IReadOnlyList<ConversationRow> Close() =>
    [
        .. _byBytes.UnorderedItems.Concat(_byPackets.UnorderedItems).Concat(_byTime.UnorderedItems)
            .Select(item => item.Element)
            .Distinct(ReferenceEqualityComparer.Instance)
            .Cast<ConversationRow>()
            .OrderByDescending(row => row.Bytes).ThenBy(row => row.FirstPacket),
    ];

    private static double Seconds(long nanoseconds) => Math.Round(nanoseconds / 1e9, 6);

    private static string Ending(TcpConversation c) => c switch
    {
        { Reset.AnswersSyn: true } => "refused",
        { Reset: not null } => "reset",
        { SawSyn: true, SawSynAck: false } when c.Server.Packets == 0 => "unanswered",
        { A.FinPacket: > 0, B.FinPacket: > 0 } => "closed",
        { A.FinPacket: > 0 } or { B.FinPacket: > 0 } => "half-closed",
        _ => "open",
    };

    private bool IsWanted(long bytes, long packets, long time) => Fits(_byBytes, bytes) || Fits(_byPackets, packets) || Fits(_byTime, time);

    private bool Fits(PriorityQueue<ConversationRow, long> queue, long value) => queue.Count < most || (queue.TryPeek(out _, out var smallest) && value > smallest);

    private void Add(ConversationRow row, long time)
    {
        Keep(_byBytes, row, row.Bytes);
        Keep(_byPackets, row, row.Packets);
        Keep(_byTime, row, time);
    }

    private void Keep(PriorityQueue<ConversationRow, long> queue, ConversationRow row, long value)
    {
        if (!Fits(queue, value))
        {
            return;
        }

        queue.Enqueue(row, value);
        if (queue.Count > most)
        {
            queue.Dequeue();
        }
    }
}
