using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Sites.Gce;

/// <summary>A host key that is known beforehand: the key itself, or its SHA-256.</summary>
/// <param name="Algorithm">E.g. <c>ssh-ed25519</c>; null when only the hash is known.</param>
/// <param name="Hash">SHA-256 of the key's blob.</param>
internal sealed record TrustedHostKey(string? Algorithm, byte[] Hash)
{
    private const string HashPrefix = "SHA256:";

    /// <summary>From <c>ssh-ed25519 AAAA…</c> or <c>SHA256:…</c>; null when it is neither.</summary>
    public static TrustedHostKey? TryRead(string text)
    {
        if (text.StartsWith(HashPrefix, StringComparison.Ordinal))
        {
            return TryDecode(text[HashPrefix.Length..].PadRight(44, '=')) is { Length: SHA256.HashSizeInBytes } hash ? new(null, hash) : null;
        }

        return text.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var algorithm, var blob, ..] && TryDecode(blob) is { } key && NamedIn(key) == algorithm
            ? new(algorithm, SHA256.HashData(key))
            : null;
    }

    public bool Matches(ReadOnlySpan<byte> hostKey) => CryptographicOperations.FixedTimeEquals(Hash, SHA256.HashData(hostKey));

    private static byte[]? TryDecode(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }

    private static string? NamedIn(ReadOnlySpan<byte> key) =>
        key.Length > sizeof(int) && BinaryPrimitives.ReadInt32BigEndian(key) is > 0 and < 64 and var length && key.Length >= sizeof(int) + length
            ? Encoding.ASCII.GetString(key.Slice(sizeof(int), length))
            : null;
}
