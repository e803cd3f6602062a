using System.Buffers;
using System.Runtime.CompilerServices;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// Reads a classic pcap file from a stream, front to end, in constant memory and without an allocation per packet. What is no pcap, or is
/// cut or corrupt, is never an exception: <see cref="Header"/> is null, or reading ends and <see cref="Problem"/> says why. Errors of the
/// stream itself pass through. Does not own the stream.
/// </summary>
public sealed class PcapReader : IDisposable
{
    /// <summary>The longest record that libpcap itself accepts for these link types, in bytes; a longer one is corrupt.</summary>
    public const int LongestRecord = CaptureWindow.FullSnapLength;

    private const int BufferSize = 1 << 20;
    private readonly Stream _stream;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private PcapHeader _header;
    private int _start;
    private int _end;
    private bool _ended;

    private PcapReader(Stream stream) => _stream = stream;

    /// <summary>Null when the stream holds no classic pcap file.</summary>
    public PcapHeader? Header { get; private set; }

    /// <summary>Why there is no header, or why reading stopped before the end; null when nothing is wrong but perhaps a cut last record.</summary>
    public string? Problem { get; private set; }

    /// <summary>The packet that the last successful read found.</summary>
    public PcapRecord Current { get; private set; }

    /// <summary>Bytes taken from the stream so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Bytes up to the end of the last whole record.</summary>
    public long BytesParsed { get; private set; }

    /// <summary>Opens a file by reading its header.</summary>
    public static async ValueTask<PcapReader> OpenAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        var reader = new PcapReader(stream);
        try
        {
            while (reader._end < CaptureWindow.FileHeaderBytes && await reader.FillAsync(cancellationToken))
            {
            }

            reader.ReadHeader();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Moves to the next whole packet.</summary>
    /// <returns>False at the end, at a cut last record, and at a corrupt one.</returns>
    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken = default) =>
        TryReadBuffered() ? new(true) : ReadFurtherAsync(cancellationToken);

    /// <summary>The packets from here to the end; each is valid until the next one is asked for.</summary>
    public async IAsyncEnumerable<PcapRecord> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        while (await ReadAsync(cancellationToken))
        {
            yield return Current;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _end = 0;
            _ended = true;
        }
    }

    /// <summary>The next whole packet that is already in the buffer.</summary>
    internal bool TryReadBuffered()
    {
        var bytes = _buffer.AsSpan(_start, _end - _start);
        if (Header is null || Problem is not null || bytes.Length < CaptureWindow.RecordHeaderBytes)
        {
            return false;
        }

        var captured = PcapHeader.ReadUInt32(bytes[8..], _header.BigEndian);
        if (captured == 0 && !bytes[..CaptureWindow.RecordHeaderBytes].ContainsAnyExcept((byte)0))
        {
            Problem = $"There are zeros instead of a record from byte {BytesParsed} on, as a full disk or a power cut leaves them.";
            return false;
        }

        if (PcapHeader.Begins(bytes))
        {
            Problem = $"Another file begins at byte {BytesParsed}: the two were joined end to end, which mergecap does right.";
            return false;
        }

        if (captured > LongestRecord)
        {
            Problem = $"The record at byte {BytesParsed} claims {captured} bytes, more than the {LongestRecord} that any record has.";
            return false;
        }

        var length = CaptureWindow.RecordHeaderBytes + (int)captured;
        if (bytes.Length < length)
        {
            return false;
        }

        var fraction = PcapHeader.ReadUInt32(bytes[4..], _header.BigEndian);
        Current = new(
            _header.LinkType,
            PcapHeader.ReadUInt32(bytes, _header.BigEndian),
            _header.Nanoseconds ? fraction : fraction * 1_000L,
            PcapHeader.ReadUInt32(bytes[12..], _header.BigEndian),
            _buffer.AsMemory(_start + CaptureWindow.RecordHeaderBytes, (int)captured));
        _start += length;
        BytesParsed += length;
        return true;
    }

    /// <summary>Reads more behind what is buffered; false at the end of the stream.</summary>
    internal async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_ended || Problem is not null)
        {
            return false;
        }

        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        var read = await _stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _ended = read == 0;
        _end += read;
        BytesRead += read;
        return !_ended;
    }

    /// <summary>Reads to the end of the stream without looking, so that <see cref="BytesRead"/> is the stream's length.</summary>
    internal async ValueTask DrainAsync(CancellationToken cancellationToken)
    {
        _start = _end = 0;
        while (!_ended)
        {
            var read = await _stream.ReadAsync(_buffer, cancellationToken);
            _ended = read == 0;
            BytesRead += read;
        }
    }

    private void ReadHeader()
    {
        Problem = PcapHeader.Read(_buffer.AsSpan(0, _end), out _header);
        if (Problem is null)
        {
            Header = _header;
            _start = CaptureWindow.FileHeaderBytes;
            BytesParsed = CaptureWindow.FileHeaderBytes;
        }
    }

    private async ValueTask<bool> ReadFurtherAsync(CancellationToken cancellationToken)
    {
        while (await FillAsync(cancellationToken))
        {
            if (TryReadBuffered())
            {
                return true;
            }
        }

        return false;
    }
}
