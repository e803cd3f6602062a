using System.Buffers.Text;
using System.Text;
using CaptureFlow.Orchestrations;

namespace CaptureFlow.Functions.Captures;

/// <summary>Where the next page begins: among the captures of the orchestration store, or behind one of the stored captures.</summary>
/// <param name="InStore">The first part of the list is over.</param>
/// <param name="Orchestrations">The orchestration store's own token; null begins at its start.</param>
/// <param name="After">The last stored capture that was shown; null begins with the newest.</param>
internal sealed record ListPlace(bool InStore, string? Orchestrations = null, CaptureCursor? After = null)
{
    public static ListPlace Start { get; } = new(InStore: false);

    public static ListPlace? TryParse(string token) => token switch
    {
        ['o', .. var text] when Decode(text) is { } inner => new(InStore: false, inner),
        ['s'] => new(InStore: true),
        ['s', .. var text] when CaptureCursor.TryParse(text) is { } after => new(InStore: true, After: after),
        _ => null,
    };

    public string ToToken() => InStore ? $"s{After?.ToToken()}" : $"o{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Orchestrations ?? string.Empty))}";

    private static string? Decode(string text)
    {
        var bytes = new byte[text.Length];
        return Base64Url.IsValid(text) && Base64Url.TryDecodeFromChars(text, bytes, out var length) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }
}
