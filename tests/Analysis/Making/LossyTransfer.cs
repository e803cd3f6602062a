using System.Net;

namespace CaptureFlow.Analysis.Tests;

/// <summary>
/// An upload over a network that loses, delays and reorders, captured half-way: some packets are lost before the tap and some behind it. The sender
/// retransmits after three duplicate ACKs, and when nothing moved for a while.
/// </summary>
internal sealed class LossyTransfer(CaptureMaker capture, int seed, IPEndPoint client, IPEndPoint server)
{
    private const long HalfWay = 2 * CaptureMaker.Millisecond;
    private const long Timeout = 200 * CaptureMaker.Millisecond;
    private const int SegmentsInFlight = 8;
    private const int SegmentLength = 1_000;
    private const uint ServerBase = 77_000;

    private readonly Random _random = new(seed);
    private readonly PriorityQueue<Action, (long, int)> _events = new();
    private readonly uint _base = (uint)(seed * 7_919) + 1;
    private readonly SortedSet<int> _arrived = [];
    private readonly double _loss = 0.02 * (seed % 5);
    private readonly int _segments = 20 + (seed % 30);
    private long _now = capture.Time + (seed * CaptureMaker.Millisecond);
    private int _order;
    private int _acknowledged = -1;
    private int _sent = -1;
    private int _duplicates;
    private int _received;
    private bool _finSeen;
    private int _timer;

    public void Run()
    {
        // Segment 0 is the SYN, the last is the FIN, all others carry data.
        Advance();
        for (var steps = 0; steps < 20_000 && _events.TryDequeue(out var next, out var at); steps++)
        {
            _now = at.Item1;
            next();
        }
    }

    private int Last => _segments + 1;

    private void At(long time, Action action) => _events.Enqueue(action, (time, _order++));

    private void Advance()
    {
        // Nothing is sent before the SYN is answered.
        var until = _acknowledged < 0 ? 0 : Math.Min(Last, _acknowledged + SegmentsInFlight);
        while (_sent < until)
        {
            Send(++_sent);
        }

        var timer = ++_timer;
        At(_now + Timeout, () => Expire(timer));
    }

    private void Expire(int timer)
    {
        if (timer == _timer && _acknowledged < Last)
        {
            Send(_acknowledged + 1);
            var next = ++_timer;
            At(_now + Timeout, () => Expire(next));
        }
    }

    private uint Sequence(int segment) => segment == 0 ? _base : _base + 1 + (uint)((segment - 1) * SegmentLength);

    private void Send(int segment)
    {
        var flags = segment == 0 ? TcpFlags.Syn : segment == Last ? TcpFlags.Fin | TcpFlags.Ack : TcpFlags.Ack;
        var data = new byte[segment > 0 && segment < Last ? SegmentLength : 0];
        Carry(Frames.Tcp(client, server, Sequence(segment), segment == 0 ? 0 : ServerBase + 1, flags, data), () => ArriveAtServer(segment));
    }

    private void ArriveAtServer(int segment)
    {
        _arrived.Add(segment);
        while (_arrived.Contains(_received))
        {
            _received++;
        }

        var expected = _received > Last ? Sequence(Last) + 1 : Sequence(_received);
        var next = _received;
        var finish = next > Last && !_finSeen;
        var flags = segment == 0 ? TcpFlags.Syn | TcpFlags.Ack : finish ? TcpFlags.Fin | TcpFlags.Ack : TcpFlags.Ack;
        var sequence = segment == 0 ? ServerBase : ServerBase + 1 + (_finSeen ? 1u : 0);
        _finSeen |= finish;
        Carry(Frames.Tcp(server, client, sequence, segment == 0 ? _base + 1 : expected, flags), () => ArriveAtClient(next - 1, flags));
    }

    private void ArriveAtClient(int acknowledged, TcpFlags flags)
    {
        if ((flags & (TcpFlags.Syn | TcpFlags.Fin)) != 0)
        {
            Carry(Frames.Tcp(client, server, Sequence(_sent) + Length(_sent), ServerBase + 1 + ((flags & TcpFlags.Fin) != 0 ? 1u : 0), TcpFlags.Ack), () => { });
        }

        if (acknowledged > _acknowledged)
        {
            (_acknowledged, _duplicates) = (acknowledged, 0);
            Advance();
        }
        else if (acknowledged == _acknowledged && ++_duplicates == 3 && _acknowledged < Last)
        {
            Send(_acknowledged + 1);
        }
    }

    private uint Length(int segment) => segment == 0 || segment == Last ? 1u : SegmentLength;

    // Half a way to the tap, and half a way on.
    private void Carry(byte[] frame, Action arrive)
    {
        if (_random.NextDouble() < _loss)
        {
            return;
        }

        var late = _random.NextDouble() < 0.03 ? _random.Next(10) * CaptureMaker.Millisecond : _random.Next(200_000);
        var lost = _random.NextDouble() < _loss;
        At(_now + HalfWay + late, () =>
        {
            capture.AddAt(_now, frame);
            if (!lost)
            {
                At(_now + HalfWay, arrive);
            }
        });
    }
}
