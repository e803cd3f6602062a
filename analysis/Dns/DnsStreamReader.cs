using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>DNS over TCP: messages with their length in front of each. Of each only the header and the question are kept.</summary>
internal sealed class DnsStreamReader : IStreamReader
{
    private readonly Side _client;
    private readonly Side _server;

    public DnsStreamReader(DnsAnalysis dns, StreamBudget budget, TcpConversation connection)
    {
        _client = new(dns, budget, connection, client: true);
        _server = new(dns, budget, connection, client: false);
    }

    public string Name => "dns";

    public bool IsDone => false;

    public IByteSink FromClient => _client;

    public IByteSink FromServer => _server;

    public void End(TcpConversation connection, long endTime)
    {
        _client.Release();
        _server.Release();
    }

    private sealed class Side(DnsAnalysis dns, StreamBudget budget, TcpConversation connection, bool client) : IByteSink
    {
        private const int PrefixLength = 2;

        /// <summary>Header, the longest name, type and class.</summary>
        private const int LongestQuestion = 12 + 256 + 4;

        private readonly BoundedBuffer _question = new(budget, LongestQuestion);
        private int _prefix;
        private int _prefixRead;
        private int _left;
        private bool _lost;
        private Moment _at;

        public void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at)
        {
            // After a gap: a segment that is exactly one message.
            if (_lost && startsSegment && data.Length > PrefixLength
                && BinaryPrimitives.ReadUInt16BigEndian(data) == data.Length - PrefixLength)
            {
                (_lost, _prefixRead, _left) = (false, 0, 0);
            }

            while (data.Length > 0 && !_lost)
            {
                data = _prefixRead < PrefixLength ? TakePrefix(data, at) : TakeMessage(data);
            }
        }

        public void Lost(long length, Moment at)
        {
            if (_prefixRead < PrefixLength || length > _left)
            {
                EndMessage();
                _lost = true;
                return;
            }

            // What is behind the gap is not the question.
            EndMessage();
            _left -= (int)length;
            _prefixRead = _left == 0 ? 0 : _prefixRead;
        }

        public void Release() => _question.Release();

        private ReadOnlySpan<byte> TakePrefix(ReadOnlySpan<byte> data, Moment at)
        {
            _at = _prefixRead == 0 ? at : _at;
            _prefix = (_prefix << 8) | data[0];
            if (++_prefixRead == PrefixLength)
            {
                _left = _prefix & 0xffff;
                _prefixRead = _left == 0 ? 0 : _prefixRead;
            }

            return data[1..];
        }

        private ReadOnlySpan<byte> TakeMessage(ReadOnlySpan<byte> data)
        {
            var part = data[..Math.Min(_left, data.Length)];
            _question.TryAppend(part[..Math.Min(part.Length, LongestQuestion - _question.Length)]);
            _left -= part.Length;
            if (_left == 0)
            {
                EndMessage();
                _prefixRead = 0;
            }

            return data[part.Length..];
        }

        private void EndMessage()
        {
            if (_question.Length > 0)
            {
                var (from, to) = client ? (connection.ClientEnd, connection.ServerEnd) : (connection.ServerEnd, connection.ClientEnd);
                dns.Look(connection.Key, from, to, _question.Bytes, _at);
                _question.Release();
            }
        }
    }
}
