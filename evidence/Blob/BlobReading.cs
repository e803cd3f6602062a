using System.Security.Cryptography;
using Azure;

namespace CaptureFlow.Evidence;

/// <summary>
/// Reads a blob from its start, hashes it on the way, and says what it found once it was read to the end. Hashing here spares reading
/// the whole blob once more before it is stored.
/// </summary>
internal sealed class BlobReading(Stream inner, ETag etag, BlobRefusals refusals, Action<BlobDigest> atEnd) : Stream
{
    private readonly IncrementalHash _sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

#pragma warning disable CA5351 // Content-MD5 is what the blob service and its tools check transfers with; evidence rests on SHA-256.
    private readonly IncrementalHash _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
    private long _bytes;
    private bool _ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => _bytes; set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await refusals.GuardAsync(async () => await inner.ReadAsync(buffer, cancellationToken), cancellationToken);
        _sha256.AppendData(buffer.Span[..read]);
        _md5.AppendData(buffer.Span[..read]);
        _bytes += read;
        if (read == 0 && buffer.Length > 0 && !_ended)
        {
            _ended = true;
            atEnd(new(etag, _bytes, Convert.ToHexStringLower(_sha256.GetCurrentHash()), _md5.GetCurrentHash()));
        }

        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    public override void Flush() => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await inner.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _sha256.Dispose();
            _md5.Dispose();
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
