using System.Buffers;
using System.Security.Cryptography;

namespace CaptureFlow.Evidence;

/// <summary>Hashes streams in constant memory.</summary>
internal static class StreamHash
{
    private const int BufferSize = 1 << 20;

    /// <summary>Reads a stream to its end into a hash.</summary>
    /// <returns>The bytes read.</returns>
    public static async Task<long> AppendAsync(Stream stream, IncrementalHash hash, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            long total = 0;
            while (await stream.ReadAsync(buffer, cancellationToken) is > 0 and var read)
            {
                hash.AppendData(buffer, 0, read);
                total += read;
            }

            return total;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Size and SHA-256, lower-case hex, of a stream.</summary>
    public static async Task<(long Bytes, string Sha256)> ComputeAsync(Stream stream, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var bytes = await AppendAsync(stream, hash, cancellationToken);
        return (bytes, Convert.ToHexStringLower(hash.GetCurrentHash()));
    }
}
