namespace CaptureFlow.Analysis;

/// <summary>What one end sent, in order: first to be recognized, then for the reader of the protocol.</summary>
internal sealed class StreamSide : IByteSink
{
    /// <summary>Of a connection that began before the capture, several segments are tried: the first may be in the middle of a message.</summary>
    private const int MostTries = 32;

    private readonly ConversationStreams _owner;
    private readonly bool _isA;
    private readonly bool _fromStart;
    private readonly StreamAssembler _assembler;
    private readonly List<byte> _prefix = [];
    private IByteSink? _sink;
    private Moment _prefixAt;
    private int _skip;
    private int _tries;
    private bool _asked;

    public StreamSide(ConversationStreams owner, StreamBudget budget, TcpSide side, bool isA, bool fromStart)
    {
        (_owner, _isA, _fromStart) = (owner, isA, fromStart);
        _assembler = new(budget, this, side.Base + 1);
    }

    public long Missing => _assembler.Missing;

    public void Add(Packet p) => _assembler.Add(p);

    public void Acknowledged(uint acknowledgment) => _assembler.Acknowledged(acknowledgment);

    public void End() => _assembler.End();

    public void Drop() => _assembler.Drop();

    /// <summary>So many bytes belong to what comes before the protocol.</summary>
    public void Skip(int length) => _skip += length;

    /// <summary>The protocol is known: what came already goes first.</summary>
    public void ReadWith(IByteSink sink)
    {
        _sink = sink;
        if (_prefix.Count > 0)
        {
            sink.Take(_prefix.ToArray(), true, _prefixAt);
            _prefix.Clear();
        }
    }

    public void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at)
    {
        if (_owner.IsDone)
        {
            return;
        }

        if (_skip > 0)
        {
            var skipped = Math.Min(_skip, data.Length);
            _skip -= skipped;
            data = data[skipped..];
            startsSegment = true;
        }

        if (_sink is not null)
        {
            _sink.Take(data, startsSegment, at);
        }
        else if (data.Length > 0 && (startsSegment || _prefix.Count > 0))
        {
            Recognize(data, at);
        }
    }

    public void Lost(long length, Moment at)
    {
        _skip = (int)Math.Max(0, _skip - length);
        _sink?.Lost(length, at);
        _prefix.Clear();
    }

    private void Recognize(ReadOnlySpan<byte> data, Moment at)
    {
        if (_prefix.Count == 0)
        {
            _prefixAt = at;
        }

        var part = data[..Math.Min(StreamRecognizer.Enough - _prefix.Count, data.Length)];
        _prefix.AddRange(part);
        var start = _prefix.Count == part.Length ? data : System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_prefix);
        var protocol = StreamRecognizer.Recognize(start, _fromStart, out var byClient);
        if (protocol == StreamProtocol.Undecided && _prefix.Count < StreamRecognizer.Enough)
        {
            return;
        }

        switch (protocol)
        {
            case StreamProtocol.TlsAsked when !_asked:
                // Whatever came before the last segment belongs to the request.
                var ofRequest = Math.Max(0, sizeof(ulong) - (_prefix.Count - part.Length));
                (_asked, _skip) = (true, 0);
                _prefix.Clear();
                _owner.Other(_isA).Skip(1);
                Take(data[ofRequest..], true, at);
                break;
            case StreamProtocol.Undecided or StreamProtocol.None or StreamProtocol.TlsAsked:
                _prefix.Clear();
                if (_fromStart || ++_tries == MostTries)
                {
                    _owner.GiveUp();
                }

                break;
            case StreamProtocol.Tls or StreamProtocol.Http1 or StreamProtocol.Http2 or StreamProtocol.Http2Midway or StreamProtocol.Dns:
                _owner.Begin(protocol, _isA, byClient);
                _sink?.Take(data[part.Length..], false, at);
                break;
        }
    }
}
