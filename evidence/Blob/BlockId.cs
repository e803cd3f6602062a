using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CaptureFlow.Evidence;

/// <summary>
/// A block's id: its offset, its length, and what is in it. The same bytes at the same place have the same id, whoever stages them, so that a
/// repeated step changes nothing; other bytes have another, so that a list of ids pins the content that is committed by it (a service asked
/// for an id takes the block that was staged under it last, committed or not).
/// </summary>
internal readonly record struct BlockId(long Offset, int Length, string Text)
{
    private const int HashBytes = 24;
    private const int Bytes = sizeof(long) + sizeof(int) + HashBytes;

    public static BlockId Of(long offset, ReadOnlySpan<byte> content)
    {
        Span<byte> id = stackalloc byte[Bytes];
        BinaryPrimitives.WriteInt64BigEndian(id, offset);
        BinaryPrimitives.WriteInt32BigEndian(id[sizeof(long)..], content.Length);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        hash[..HashBytes].CopyTo(id[(Bytes - HashBytes)..]);
        return new(offset, content.Length, Convert.ToBase64String(id));
    }

    /// <returns>Null for a block of somebody else.</returns>
    public static BlockId? TryParse(string text)
    {
        Span<byte> id = stackalloc byte[Bytes];
        return Convert.TryFromBase64String(text, id, out var length) && length == Bytes
            ? new(BinaryPrimitives.ReadInt64BigEndian(id), BinaryPrimitives.ReadInt32BigEndian(id[sizeof(long)..]), text)
            : null;
    }
}
