namespace CaptureFlow.Analysis;

/// <summary>Finds the heads of the messages of one direction of HTTP/1; bodies are passed over and never kept.</summary>
internal sealed class HttpMessageReader(StreamBudget budget, IHttpHeads heads) : IByteSink
{
    /// <summary>Servers refuse more; what is longer is read as far as this.</summary>
    private const int LongestHead = 16 * 1024;

    private const int LongestChunkLine = 1_024;

    private readonly BoundedBuffer _head = new(budget, LongestHead);
    private Place _place = Place.Head;
    private Moment _headAt;
    private long _left;
    private long _chunk;
    private int _lineLength;
    private bool _sizeEnded;

    private enum Place
    {
        Head,
        Body,
        ChunkSize,
        ChunkData,
        Trailers,
        UntilClose,

        /// <summary>The next message is looked for at the beginning of each segment.</summary>
        Lost,
        Stopped,
    }

    public bool IsStopped => _place == Place.Stopped;

    /// <summary>How often something was missing.</summary>
    public long Gaps { get; private set; }

    public void Stop()
    {
        _place = Place.Stopped;
        _head.Release();
    }

    public void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at)
    {
        if (_place == Place.Lost && startsSegment && heads.Begins(data))
        {
            _place = Place.Head;
        }

        while (data.Length > 0)
        {
            switch (_place)
            {
                case Place.Head:
                    data = TakeHead(data, at);
                    break;
                case Place.Body or Place.ChunkData:
                    var body = (int)Math.Min(_left, data.Length);
                    data = data[body..];
                    Pass(body);
                    break;
                case Place.ChunkSize:
                    data = TakeChunkSize(data);
                    break;
                case Place.Trailers:
                    data = TakeTrailers(data);
                    break;
                case Place.UntilClose or Place.Lost or Place.Stopped:
                    return;
            }
        }
    }

    public void Lost(long length, Moment at)
    {
        if (_place is Place.Body or Place.ChunkData && length <= _left)
        {
            Pass(length);
            return;
        }

        Gaps++;
        switch (_place)
        {
            case Place.Head when _head.Length > 0:
                heads.Head(_head.Bytes, cut: true, _headAt);
                LoseTrack(said: _place != Place.Stopped);
                break;
            case Place.Head or Place.Body or Place.ChunkData or Place.ChunkSize or Place.Trailers:
                LoseTrack(said: true);
                break;
            case Place.UntilClose or Place.Lost or Place.Stopped:
                break;
        }
    }

    /// <summary>Only the start of a head may have come; gives back the room.</summary>
    public void End()
    {
        if (_place == Place.Head && _head.Length > 0)
        {
            heads.Head(_head.Bytes, cut: true, _headAt);
        }

        _head.Release();
    }

    private void LoseTrack(bool said)
    {
        _head.Release();
        _place = said ? Place.Lost : Place.Stopped;
    }

    private ReadOnlySpan<byte> TakeHead(ReadOnlySpan<byte> data, Moment at)
    {
        if (_head.Length == 0)
        {
            // Empty lines between messages are allowed.
            data = data.TrimStart("\r\n"u8);
            _headAt = at;
        }

        if (data.Length == 0)
        {
            return data;
        }

        if (_head.Length == 0 && !heads.Begins(data) && !HttpWords.MayBecomeMessage(data))
        {
            heads.NotHttp(data, at);
            LoseTrack(said: _place != Place.Stopped);
            return [];
        }

        // Mostly all of it is here, and need not be kept.
        if (_head.Length == 0 && HttpWords.EndOfHead(data[..Math.Min(data.Length, LongestHead)], 0) is > 0 and var whole)
        {
            EndHead(data[..whole], cut: false);
            return data[whole..];
        }

        var before = _head.Length;
        var part = data[..Math.Min(data.Length, LongestHead - before)];
        if (part.Length == 0 || !_head.TryAppend(part))
        {
            EndHead(_head.Bytes, cut: true);
            return [];
        }

        var end = HttpWords.EndOfHead(_head.Bytes, Math.Max(0, before - 3));
        if (end < 0)
        {
            return data[part.Length..];
        }

        // What is behind the head belongs to the body.
        EndHead(_head.Bytes[..end], cut: false);
        return data[(end - before)..];
    }

    private void EndHead(ReadOnlySpan<byte> head, bool cut)
    {
        var body = heads.Head(head, cut, _headAt);
        _head.Release();
        _left = body.Length;
        (_place, _lineLength, _chunk, _sizeEnded) = (_place == Place.Stopped ? Place.Stopped : cut ? Place.Lost : After(body), 0, 0, false);
    }

    private static Place After(HttpBody body)
    {
        switch (body.Kind)
        {
            case HttpBodyKind.Length:
                return body.Length == 0 ? Place.Head : Place.Body;
            case HttpBodyKind.Chunked:
                return Place.ChunkSize;
            case HttpBodyKind.UntilClose:
                return Place.UntilClose;
            case HttpBodyKind.Unknown:
                return Place.Lost;
            case HttpBodyKind.Stop:
                break;
        }

        return Place.Stopped;
    }

    private void Pass(long length)
    {
        _left -= length;
        if (_left == 0)
        {
            (_place, _chunk, _lineLength, _sizeEnded) = (_place == Place.Body ? Place.Head : Place.ChunkSize, 0, 0, false);
        }
    }

    // "1a;name=value" and a line feed; the line feed behind each chunk's data belongs to the chunk.
    private ReadOnlySpan<byte> TakeChunkSize(ReadOnlySpan<byte> data)
    {
        for (var i = 0; i < data.Length; i++)
        {
            var one = data[i];
            if (one == '\n')
            {
                _left = _chunk + 2;
                (_place, _lineLength) = (_chunk > 0 ? Place.ChunkData : Place.Trailers, 0);
                return data[(i + 1)..];
            }

            var digit = char.IsAsciiDigit((char)one) ? one - '0' : char.IsAsciiHexDigit((char)one) ? (one | 0x20) - 'a' + 10 : -1;
            if (++_lineLength > LongestChunkLine || (_lineLength == 1 && digit < 0) || (!_sizeEnded && digit >= 0 && _chunk > int.MaxValue))
            {
                LoseTrack(said: true);
                return [];
            }

            _sizeEnded |= digit < 0;
            _chunk = _sizeEnded ? _chunk : (_chunk << 4) + digit;
        }

        return [];
    }

    private ReadOnlySpan<byte> TakeTrailers(ReadOnlySpan<byte> data)
    {
        for (var i = 0; i < data.Length; i++)
        {
            if (data[i] == '\n')
            {
                if (_lineLength == 0)
                {
                    _place = Place.Head;
                    return data[(i + 1)..];
                }

                _lineLength = 0;
            }
            else if (data[i] != '\r')
            {
                _lineLength++;
            }
        }

        return [];
    }
}
