namespace CaptureFlow.Analysis;

/// <summary>All that is kept while the packets go by; each packet is handed to those whom it concerns.</summary>
internal sealed class CaptureSurvey
{
    private readonly AnalysisOptions _options;
    private readonly Packet _packet = new();
    private readonly FindingBook _book = new();
    private readonly TopConversations _top;
    private readonly TcpAnalysis _tcp;
    private readonly StreamAnalysis _streams;
    private readonly UdpAnalysis _udp;
    private readonly NetworkAnalysis _network;
    private readonly DnsAnalysis _dns;
    private readonly FileTally _tally = new();

    public CaptureSurvey(AnalysisOptions options)
    {
        _options = options;
        _top = new(options.Rows);
        Conclusions = new(_book, _top);
        _dns = new(options, _book);
        _streams = new(options, _book, _dns);
        _tcp = new(options, Conclusions, _streams);
        _udp = new(options, _top);
        _network = new(_book);
    }

    public TcpConclusions Conclusions { get; }

    public StreamAnalysis Streams => _streams;

    public PacketSource? Source { get; set; }

    public void Look(PacketSource source)
    {
        _packet.Begin(_tally.Packets + 1, source.Current, source.Interface);
        Dissector.Dissect(_packet);
        _tally.Add(_packet);
        if (Canary.Is(_packet))
        {
            _tally.OwnPackets++;
            return;
        }

        switch (_packet.Kind)
        {
            case PacketKind.Tcp:
                _tcp.Look(_packet);
                break;
            case PacketKind.Udp:
                LookAtUdp();
                break;
            case PacketKind.Icmp:
            case PacketKind.Icmp6:
                _network.LookAtIcmp(_packet);
                break;
            case PacketKind.Arp:
                _network.LookAtArp(_packet);
                break;
            case PacketKind.Other or PacketKind.UnknownLink or PacketKind.Malformed or PacketKind.OtherIp:
                break;
        }
    }

    /// <summary>The time is up before the file is.</summary>
    public void StopHere(TimeSpan after) => _tally.StoppedAfter = after;

    public void EndOfFile() => _tally.BytesLeft = Source?.BytesLeft ?? 0;

    public TriageCard Close()
    {
        _tcp.End(_tally.LastTime);
        _udp.End();
        _dns.End(_tally.LastTime);
        _tally.AddProblems(_book, Source);
        var (tls, http) = (_streams.Tls.Close(_options.Rows), _streams.Http.Close(_options.Rows));
        var (findings, leftOut) = _book.Close(_options.Rows);
        var c = Conclusions;
        TcpTotals tcp = new(
            _tcp.Count, c.Refused, c.Unanswered, c.Resets, c.Segments, c.Retransmissions,
            c.Handshakes.MedianMilliseconds, c.Handshakes.LongestMilliseconds);
        var file = _tally.Facts(Source);
        return new()
        {
            Summary = CardSummary.Of(file, findings, _tcp.Count + _udp.Count),
            File = file,
            Findings = findings,
            FindingsLeftOut = leftOut,
            Conversations = _top.Close(),
            ConversationCount = _tcp.Count + _udp.Count,
            Tcp = tcp,
            Dns = _dns.Totals,
            Tls = tls,
            Http = http,
            CannotSay =
            [
                .. _tally.CannotSay(_tcp.ConcludedEarly + _udp.ConcludedEarly, _dns.GivenUp),
                .. _streams.CannotSay(),
                .. _network.CannotSay(),
            ],
        };
    }

    private void LookAtUdp()
    {
        var flow = _udp.Look(_packet);
        if (DnsAnalysis.IsFor(_packet))
        {
            flow.Application ??= "dns";
            _dns.Look(_packet);
        }
    }
}
