using System.Diagnostics.CodeAnalysis;

namespace CaptureFlow.Evidence;

/// <summary>A signature as it is read, not yet checked: <c>"signature":"KEYID:BASE64"</c>, the last member of what it signs.</summary>
/// <param name="KeyId">Whose it says it is.</param>
/// <param name="Base64">64 bytes.</param>
/// <param name="Text">What it has to be of.</param>
public sealed record CustodySignature(string KeyId, string Base64, string Text)
{
    private const string Before = ",\"signature\":\"";
    private const string After = "\"}";
    private const int KeyIdLength = 16;
    private const int Base64Length = 88;

    private static readonly int Length = Before.Length + KeyIdLength + 1 + Base64Length + After.Length;

    /// <param name="purpose">Keeps a signature of one kind of document from standing for another's.</param>
    /// <param name="body">A JSON object on one line, without a signature.</param>
    /// <param name="key">The signer.</param>
    /// <returns>The object with the signature.</returns>
    public static string Add(string purpose, string body, CustodyKey key)
    {
        ArgumentNullException.ThrowIfNull(body);
        ArgumentNullException.ThrowIfNull(key);
        return $"{body[..^1]}{Before}{key.Id}:{key.Sign(purpose + "\n" + body)}{After}";
    }

    /// <summary>Takes it off again.</summary>
    public static bool TryRead(string purpose, string document, [NotNullWhen(true)] out CustodySignature? signature)
    {
        ArgumentNullException.ThrowIfNull(document);
        signature = null;
        var at = document.Length - Length;
        if (at < 1 || !document.AsSpan(at).StartsWith(Before, StringComparison.Ordinal) || !document.EndsWith(After, StringComparison.Ordinal))
        {
            return false;
        }

        var value = document.AsSpan(at + Before.Length, KeyIdLength + 1 + Base64Length);
        if (value[KeyIdLength] != ':')
        {
            return false;
        }

        signature = new(value[..KeyIdLength].ToString(), value[(KeyIdLength + 1)..].ToString(), purpose + "\n" + document[..at] + "}");
        return true;
    }
}
