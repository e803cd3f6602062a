namespace CaptureFlow.Analysis;

/// <summary>Who sends datagrams to whom.</summary>
internal sealed class UdpAnalysis(AnalysisOptions options, TopConversations top)
{
    private readonly Dictionary<FlowKey, UdpFlow> _flows = [];
    private UdpFlow? _last;
    private FlowKey _lastKey;

    public long Count { get; private set; }

    /// <summary>Flows that were concluded before the end of the file, to make room.</summary>
    public long ConcludedEarly { get; private set; }

    public UdpFlow Look(Packet p)
    {
        var key = FlowKey.Of(p, out _);
        if (_last is null || key != _lastKey)
        {
            (_last, _lastKey) = (Find(key, p), key);
        }

        _last.Packets++;
        _last.Bytes += p.Record.WireLength;
        _last.LastTime = Math.Max(_last.LastTime, p.Time);
        return _last;
    }

    public void End()
    {
        foreach (var flow in _flows.Values)
        {
            top.Offer(flow);
        }

        _flows.Clear();
    }

    private UdpFlow Find(FlowKey key, Packet p)
    {
        if (_flows.TryGetValue(key, out var flow))
        {
            return flow;
        }

        if (_flows.Count >= options.Conversations)
        {
            ConcludedEarly += _flows.Count;
            End();
        }

        Count++;
        return _flows[key] = new(p);
    }
}
