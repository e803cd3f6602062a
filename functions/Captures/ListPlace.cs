using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Where the next page begins: among the captures of the orchestration store, or behind one of the stored captures.</summary>
/// <param name="InStore">The first part of the list is over.</param>
/// <param name="Orchestrations">The orchestration store's own token; null begins at its start.</param>
/// <param name="After">The last stored capture that was shown; null begins with the newest.</param>
internal sealed record ListPlace(bool InStore, string? Orchestrations = null, CaptureCursor? After = null)
{
    private const int CheckLength = 16;

    public static ListPlace Start { get; } = new(InStore: false);

    /// <returns>Null when the text was not given by <see cref="ToToken"/> for this filter.</returns>
    public static ListPlace? TryParse(string token, CaptureFilter filter)
    {
        if (token.Length <= CheckLength || Check(token[CheckLength..], filter) != token[..CheckLength])
        {
            return null;
        }

        return token[CheckLength..] switch
        {
            ['o', .. var text] when Decode(text) is { } inner => new(InStore: false, inner),
            ['s'] => new(InStore: true),
            ['s', .. var text] when CaptureCursor.TryParse(text) is { } after => new(InStore: true, After: after),
            _ => null,
        };
    }

    public string ToToken(CaptureFilter filter)
    {
        var place = InStore ? $"s{After?.ToToken()}" : $"o{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Orchestrations ?? string.Empty))}";
        return Check(place, filter) + place;
    }

    // A store answers a token that it did not give with an exception of its own. This finds what was cut, mistyped, or belongs to another
    // query; it keeps no secret, for a place is none.
    private static string Check(string place, CaptureFilter filter) => Base64Url.EncodeToString(
        SHA256.HashData(Encoding.UTF8.GetBytes($"{place}\n{JsonSerializer.Serialize(filter, CaptureJson.Options)}")))[..CheckLength];

    private static string? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
