using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Evidence;

/// <summary>
/// One line of a log: <c>{"seq":2,"event":…,"previous":"HASH","signature":"KEYID:BASE64","hash":"HASH"}</c>. The hash is the SHA-256 of the line without
/// its last member, and the signature is of the line without its last two, so that whoever checks them needs no rules of how JSON is written, only the bytes.
/// </summary>
internal sealed record CustodyLine(
    int Seq, string Event, string? Key, DateTimeOffset At, string By, IReadOnlyDictionary<string, string?> Facts, string Previous)
{
    private const string Signed = "captureflow.log/1";
    private const int HashCharacters = 2 * SHA256.HashSizeInBytes;
    private const string BeforeHash = ",\"hash\":\"";
    private const string AfterHash = "\"}";

    private static readonly int HashMember = BeforeHash.Length + HashCharacters + AfterHash.Length;

    private static readonly JsonSerializerOptions Json = new(CaptureJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>What the first line has instead of a line before it: bound to the capture, so that no log can stand in for another's.</summary>
    public static string Root(string captureId) => Hash($"captureflow.log/1 {captureId}");

    /// <summary>The line's text, without its end, and its hash. Without a key it has no signature.</summary>
    public (string Text, string Hash) Write(CustodyKey? key)
    {
        var body = JsonSerializer.Serialize(this, Json);
        body = key is null ? body : CustodySignature.Add(Signed, body, key);
        var hash = Hash(body);
        return (body[..^1] + BeforeHash + hash + AfterHash, hash);
    }

    /// <returns>The signature of a line that was read; null when it has none.</returns>
    public static CustodySignature? SignatureOf(string text) =>
        CustodySignature.TryRead(Signed, text[..^HashMember] + "}", out var signature) ? signature : null;

    /// <returns>The line and its hash; or why it is none.</returns>
    public static (CustodyLine? Line, string Hash, string? Problem) Read(string text)
    {
        var end = text.Length - HashMember;
        if (end < 1 || !text.AsSpan(end).StartsWith(BeforeHash, StringComparison.Ordinal) || !text.EndsWith(AfterHash, StringComparison.Ordinal))
        {
            return (null, string.Empty, "it does not end with a hash");
        }

        var hash = text.Substring(end + BeforeHash.Length, HashCharacters);
        var body = text[..end] + "}";
        if (Hash(body) != hash)
        {
            return (null, hash, "it was changed: its hash is another");
        }

        try
        {
            return JsonSerializer.Deserialize<CustodyLine>(body, Json) is { } line ? (line, hash, null) : (null, hash, "it is empty");
        }
        catch (JsonException)
        {
            return (null, hash, "it is no entry of a log");
        }
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
