using System.Security.Cryptography;
using System.Text;
using CaptureFlow.Functions.Settings;

namespace CaptureFlow.Functions.Access;

/// <summary>A key that lets a caller in. The key itself is not kept, its hash is.</summary>
/// <param name="Name">In lower case; null for a key of a plain list, which stands for nobody in particular.</param>
/// <param name="Hash">SHA-256 of the key.</param>
internal sealed record ApiKey(string? Name, byte[] Hash)
{
    /// <summary>Shorter keys can be guessed: 20 characters of base64 are 120 bits.</summary>
    public const int Shortest = 20;

    /// <summary>Before the hash, in hexadecimal, of a key that the configuration is not to hold.</summary>
    public const string HashPrefix = "sha256:";

    private const int LongestName = 63;

    /// <summary>The caller's stable id.</summary>
    public string CallerId => Name is null ? Caller.FunctionKey : $"key:{Name}";

    /// <returns>The key; or null and what is wrong with the setting, without its value.</returns>
    public static (ApiKey? Key, string? Problem) Read(string setting, string entry, string value)
    {
        // A list in JSON, or KEYS__0 in the environment, has numbers for names.
        var listed = entry.All(char.IsAsciiDigit);
        if (!listed && (entry.Length > LongestName || !entry.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')))
        {
            return (null, $"{setting}: '{entry}' is not a valid name of a key; use letters, digits, '-', '_' and '.', at most {LongestName} of them.");
        }

        if (KeyVaultReference.IsUnresolved(value))
        {
            return (null, $"{setting}:{entry} is a Key Vault reference that was not resolved: the app's identity has to be able to read that secret.");
        }

        if (HashOf(value) is not { } hash)
        {
            return (null, value.StartsWith(HashPrefix, StringComparison.OrdinalIgnoreCase)
                ? $"{setting}:{entry} begins with {HashPrefix}, and has to go on with the 64 hexadecimal digits of a SHA-256."
                : $"{setting}:{entry} has {value.Length} characters; that can be guessed. Give each key at least {Shortest} random characters.");
        }

        return (new(listed ? null : entry.ToLowerInvariant(), hash), null);
    }

    public static byte[] HashFrom(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));

    public override string ToString() => $"key {Name}";

    private static byte[]? HashOf(string value)
    {
        if (!value.StartsWith(HashPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return value.Length < Shortest ? null : HashFrom(value);
        }

        var digits = value.AsSpan(HashPrefix.Length).Trim();
        var hash = new byte[SHA256.HashSizeInBytes];
        return digits.Length == 2 * hash.Length && Convert.FromHexString(digits, hash, out _, out _) == System.Buffers.OperationStatus.Done ? hash : null;
    }
}
