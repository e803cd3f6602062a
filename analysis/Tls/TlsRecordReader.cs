using System.Buffers.Binary;

namespace CaptureFlow.Analysis;

/// <summary>
/// Reads the records of one end, and the handshake messages in them. Bytes that are not in the file are passed over by the lengths that the headers tell;
/// a message of which only the start is there is handed on as cut.
/// </summary>
internal sealed class TlsRecordReader(StreamBudget budget, ITlsEvents events, bool client) : IByteSink
{
    public const int HeaderLength = 5;
    public const int ChangeCipherSpec = 20;
    public const int ApplicationData = 23;

    public const int Alert = 21;
    public const int Handshake = 22;
    private const int MessageHeaderLength = 4;

    /// <summary>2^14 of text and 2,048 that ciphers may add.</summary>
    private const int LongestRecord = 16_384 + 2_048;

    /// <summary>A chain of certificates may take several records; more is passed over.</summary>
    private const int LongestMessage = 64 * 1024;

    private readonly byte[] _header = new byte[HeaderLength];
    private readonly byte[] _alert = new byte[2];
    private readonly BoundedBuffer _message = new(budget, LongestMessage);
    private int _headerRead;
    private int _recordLeft;
    private int _recordRead;
    private bool _encrypted;
    private bool _lost;
    private bool _messageLost;

    public static bool IsHeader(ReadOnlySpan<byte> start) =>
        start.Length >= HeaderLength && start[0] is >= ChangeCipherSpec and <= ApplicationData && start[1] == 3 && start[2] <= 4
        && BinaryPrimitives.ReadUInt16BigEndian(start[3..]) is > 0 and <= LongestRecord;

    public void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at)
    {
        if (_lost && startsSegment && IsHeader(data))
        {
            (_lost, _headerRead, _recordLeft, _messageLost) = (false, 0, 0, true);
            _message.Clear();
        }

        while (data.Length > 0 && !_lost)
        {
            data = _recordLeft > 0 ? TakeBody(data, at) : TakeHeader(data, at);
        }
    }

    public void Lost(long length, Moment at)
    {
        if (_lost)
        {
            return;
        }

        EndCutMessage(at);
        if (_recordLeft == 0 || length > _recordLeft)
        {
            events.Gap(client, at);
            _lost = true;
            return;
        }

        if (_header[0] is Handshake or Alert && !_encrypted)
        {
            events.Gap(client, at);
        }

        Advance((int)length, at);
    }

    /// <summary>Only the start of a message may have come; gives back the room.</summary>
    public void End(Moment at)
    {
        EndCutMessage(at);
        _message.Release();
    }

    private ReadOnlySpan<byte> TakeHeader(ReadOnlySpan<byte> data, Moment at)
    {
        var length = Math.Min(HeaderLength - _headerRead, data.Length);
        data[..length].CopyTo(_header.AsSpan(_headerRead));
        _headerRead += length;
        if (_headerRead < HeaderLength)
        {
            return [];
        }

        _headerRead = 0;
        if (!IsHeader(_header))
        {
            _lost = true;
            events.NotTls(client, at);
            return [];
        }

        (_recordLeft, _recordRead) = (BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3)), 0);
        if (_header[0] != Handshake)
        {
            EndCutMessage(at);
        }

        if (IsHidden)
        {
            _message.Release();
            events.Encrypted(client, _header[0], _recordLeft, at);
        }

        return data[length..];
    }

    private bool IsHidden => _header[0] == ApplicationData || (_encrypted && _header[0] != ChangeCipherSpec);

    private ReadOnlySpan<byte> TakeBody(ReadOnlySpan<byte> data, Moment at)
    {
        var body = data[..Math.Min(_recordLeft, data.Length)];
        if (!IsHidden && _header[0] == Handshake)
        {
            TakeHandshake(body, at);
        }
        else if (!IsHidden && _header[0] == Alert && _recordRead < _alert.Length)
        {
            var part = body[..Math.Min(_alert.Length - _recordRead, body.Length)];
            part.CopyTo(_alert.AsSpan(_recordRead));
            if (_recordRead + part.Length == _alert.Length)
            {
                events.Alerted(client, _alert[0], _alert[1], at);
            }
        }

        Advance(body.Length, at);
        return data[body.Length..];
    }

    private void Advance(int length, Moment at)
    {
        _recordRead += length;
        _recordLeft -= length;
        if (_recordLeft > 0)
        {
            return;
        }

        if (_header[0] == ChangeCipherSpec)
        {
            // TLS 1.3 sends one for show, and its records are application data to everybody but the two.
            _encrypted = true;
            events.CipherChanged(client, at);
        }

        if (_header[0] == Handshake && _messageLost)
        {
            // The next record may begin with a message again.
            _messageLost = false;
            _message.Clear();
        }
    }

    private void TakeHandshake(ReadOnlySpan<byte> data, Moment at)
    {
        while (data.Length > 0 && !_messageLost)
        {
            var wanted = _message.Length < MessageHeaderLength ? MessageHeaderLength : MessageHeaderLength + MessageLength;
            var part = data[..Math.Min(wanted - _message.Length, data.Length)];
            data = data[part.Length..];
            if (!_message.TryAppend(part))
            {
                EndCutMessage(at);
                _messageLost = true;
                return;
            }

            if (_message.Length >= MessageHeaderLength && _message.Length == MessageHeaderLength + MessageLength)
            {
                events.Message(client, _message.Bytes[0], _message.Bytes[MessageHeaderLength..], cut: false, at);
                _message.Clear();
            }
        }
    }

    private int MessageLength => (_message.Bytes[1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(_message.Bytes[2..]);

    private void EndCutMessage(Moment at)
    {
        if (_message.Length > MessageHeaderLength && !_messageLost)
        {
            events.Message(client, _message.Bytes[0], _message.Bytes[MessageHeaderLength..], cut: true, at);
        }

        _messageLost = _messageLost || _message.Length > 0 || (_recordLeft > 0 && _header[0] == Handshake);
        _message.Clear();
    }
}
