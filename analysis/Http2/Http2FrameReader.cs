using System.Buffers.Binary;
using static CaptureFlow.Analysis.Http2Frames;

namespace CaptureFlow.Analysis;

/// <summary>Reads the frames of one end. Data is passed over and never kept; after a gap it goes on where a segment begins with a frame.</summary>
internal sealed class Http2FrameReader : IByteSink
{
    private const int EndStreamFlag = 1;
    private const int EndHeadersFlag = 4;
    private const int PaddedFlag = 8;
    private const int PriorityFlag = 0x20;

    private const int LongestFrame = 1 << 20;
    private const int LongestBlock = 64 * 1024;

    private readonly byte[] _header = new byte[HeaderLength];
    private readonly BoundedBuffer _payload;
    private readonly HpackDecoder _decoder;
    private readonly IHttp2Events _events;
    private readonly bool _client;
    private int _preface;
    private int _headerRead;
    private int _left;
    private bool _broken;
    private bool _lost;
    private (int Stream, bool EndsStream, Moment At)? _block;

    public Http2FrameReader(StreamBudget budget, IHttp2Events events, bool client, bool midway)
    {
        (_events, _client, _lost) = (events, client, midway);
        (_payload, _decoder) = (new(budget, LongestBlock), new(budget));
        _preface = client && !midway ? Preface.Length : 0;
    }

    /// <summary>What a client says first.</summary>
    public static ReadOnlySpan<byte> Preface => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    public void Take(ReadOnlySpan<byte> data, bool startsSegment, Moment at)
    {
        if (_lost && startsSegment && AreIn(data))
        {
            (_lost, _headerRead, _left) = (false, 0, 0);
        }

        if (_preface > 0)
        {
            var skipped = Math.Min(_preface, data.Length);
            _preface -= skipped;
            data = data[skipped..];
        }

        while (data.Length > 0 && !_lost)
        {
            data = _headerRead < HeaderLength ? TakeHeader(data, at) : TakePayload(data, at);
        }
    }

    public void Lost(long length, Moment at)
    {
        if (_lost)
        {
            return;
        }

        if (_headerRead < HeaderLength || length > _left || _preface > 0)
        {
            CutBlock(at);
            LoseTrack();
            return;
        }

        CutBlock(at);

        _broken = true;
        _left -= (int)length;
        if (_left == 0)
        {
            EndFrame(at);
        }
    }

    /// <summary>Nothing comes any more; gives back the room.</summary>
    public void End()
    {
        _payload.Release();
        _decoder.Forget();
    }

    private int Type => _header[3];

    private int Flags => _header[4];

    private int Stream => StreamOf(_header);

    // What is there of a block is read.
    private void CutBlock(Moment at)
    {
        if (_headerRead == HeaderLength && Type is HeadersFrame or PushPromise or Continuation && !_broken)
        {
            BeginBlock(cut: true, at);
        }

        EndBlock(cut: true, at);
        _payload.Release();
    }

    private void LoseTrack()
    {
        _payload.Release();
        _decoder.Forget();
        (_block, _lost, _headerRead, _left) = (null, true, 0, 0);
        _events.Gap(_client);
    }

    private ReadOnlySpan<byte> TakeHeader(ReadOnlySpan<byte> data, Moment at)
    {
        var part = data[..Math.Min(HeaderLength - _headerRead, data.Length)];
        part.CopyTo(_header.AsSpan(_headerRead));
        _headerRead += part.Length;
        if (_headerRead == HeaderLength)
        {
            (_left, _broken) = (LengthOf(_header), false);
            if (_left > LongestFrame || (_block is { } block && (Type != Continuation || Stream != block.Stream)))
            {
                LoseTrack();
                return [];
            }

            if (_left == 0)
            {
                EndFrame(at);
            }
        }

        return data[part.Length..];
    }

    private ReadOnlySpan<byte> TakePayload(ReadOnlySpan<byte> data, Moment at)
    {
        var part = data[..Math.Min(_left, data.Length)];
        if (Type is not (Data or Settings or Ping or WindowUpdate) && !_broken && !_payload.TryAppend(part))
        {
            CutBlock(at);
            _broken = true;
        }

        _left -= part.Length;
        if (_left == 0)
        {
            EndFrame(at);
        }

        return data[part.Length..];
    }

    private void EndFrame(Moment at)
    {
        _headerRead = 0;
        switch (Type)
        {
            case Data when (Flags & EndStreamFlag) != 0:
                _events.EndStream(_client, Stream, at);
                break;
            case HeadersFrame or PushPromise or Continuation when !_broken:
                EndHeaders(at);
                return;
            case ResetFrame when _payload.Length == 4:
                _events.Reset(_client, Stream, BinaryPrimitives.ReadUInt32BigEndian(_payload.Bytes), at);
                break;
            case GoAwayFrame when _payload.Length >= 8:
                _events.GoAway(_client, BinaryPrimitives.ReadUInt32BigEndian(_payload.Bytes[4..]), at);
                break;
            default:
                break;
        }

        _payload.Release();
    }

    private void EndHeaders(Moment at)
    {
        BeginBlock(cut: false, at);
        if ((Flags & EndHeadersFlag) != 0)
        {
            EndBlock(cut: false, at);
        }
    }

    // Of the first frame of a block: takes off what stands in front of it, and the padding behind.
    private void BeginBlock(bool cut, Moment at)
    {
        if (Type == Continuation)
        {
            return;
        }

        var padded = (Flags & PaddedFlag) != 0;
        var front = (padded ? 1 : 0) + (Type == PushPromise ? 4 : (Flags & PriorityFlag) != 0 ? 5 : 0);
        _payload.Trim(front, padded && !cut && _payload.Length > 0 ? _payload.Bytes[0] : 0);
        _block = (Type == PushPromise ? 0 : Stream, Type == HeadersFrame && (Flags & EndStreamFlag) != 0, at);
    }

    private void EndBlock(bool cut, Moment at)
    {
        if (_block is not { } block)
        {
            return;
        }

        _block = null;
        Http2Headers headers = new();
        if (!_decoder.TryDecode(_payload.Bytes, headers) || cut)
        {
            headers.HasUnknown = true;
            _decoder.Forget();
            _events.Gap(_client);
        }

        _payload.Release();
        if (block.Stream != 0)
        {
            _events.Headers(_client, block.Stream, headers, block.EndsStream, block.At);
        }
    }
}
