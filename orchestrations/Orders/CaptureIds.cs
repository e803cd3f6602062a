using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace CaptureFlow.Orchestrations;

/// <summary>
/// Capture ids: <c>cf-</c> and 16 characters of Crockford's alphabet in lower case (80 bits). A DNS-1123 label, so that it can name the
/// ServiceAccount, the RoleBinding, the container and the orchestration instance as it is.
/// </summary>
public static class CaptureIds
{
    public const string Prefix = "cf-";

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int Characters = 16;
    private static readonly SearchValues<char> Allowed = SearchValues.Create(Alphabet);

    /// <summary>An id that nobody can guess.</summary>
    public static string New() => Encode(RandomNumberGenerator.GetBytes(Characters));

    /// <summary>The same id for the same key, so that a repeated request meets the capture that it started.</summary>
    public static string FromKey(string key) => Encode(SHA256.HashData(Encoding.UTF8.GetBytes(key)).AsSpan(0, Characters));

    public static bool IsValid(string? id) =>
        id is { Length: 3 + Characters } && id.StartsWith(Prefix, StringComparison.Ordinal) && id.AsSpan(3).IndexOfAnyExcept(Allowed) < 0;

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(Prefix, Prefix.Length + Characters);
        foreach (var b in bytes)
        {
            text.Append(Alphabet[b & 31]);
        }

        return text.ToString();
    }
}
